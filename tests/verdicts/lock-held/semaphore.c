/* A semaphore that ends with less than it began with: tasks took slots and kept them. It may end with more. */
#include "verdict.h"

static leash_semaphore_t slots = LEASH_SEMAPHORE_INIT("slots", 3); /* LEAK lock-held 1 in slot_kept */
static leash_semaphore_t news = LEASH_SEMAPHORE_INIT("news", 0);

static int take_slot(void *release)
{
    int rc = leash_semaphore_acquire(&slots);
    if (rc < 0)
        return rc;
    rc = leash_sleep(1);
    if (release)
        leash_semaphore_release(&slots);
    return rc;
}

static int slot_kept(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(take_slot, NULL), leash_coro(take_slot, &slots));
}

static int slots_given_back(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(take_slot, &slots), leash_coro(take_slot, &slots));
}

/* One that counts what has come: who releases has not acquired. */
static int counts_up(void *unused)
{
    (void)unused;
    leash_semaphore_release(&news);
    leash_semaphore_release(&news);
    return leash_semaphore_acquire(&news);
}

CASES(CASE(slot_kept), CASE(slots_given_back), CASE(counts_up))
