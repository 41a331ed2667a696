/* A task ends and the lock it took is still taken: the next one that wants it waits for ever. */
#include "verdict.h"

static leash_lock_t account = LEASH_LOCK_INIT("account");

static int take_and_keep(void *unused)
{
    (void)unused;
    int rc = leash_lock_acquire(&account);
    return rc < 0 ? rc : leash_sleep(1);
}

static int take_and_give_back(void *unused)
{
    (void)unused;
    int rc = leash_lock_acquire(&account);
    if (rc < 0)
        return rc;
    rc = leash_sleep(1);
    leash_lock_release(&account);
    return rc;
}

static int kept(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(take_and_keep, NULL)), NULL); /* LEAK lock-held 1 in kept */
}

static int given_back(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(take_and_give_back, NULL)), NULL);
}

CASES(CASE(kept), CASE(given_back))
