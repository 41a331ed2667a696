/* The same in a loop on a thread of its own. */
#include "loop_thread.h"

static leash_lock_t account = LEASH_LOCK_INIT("account");

static int take(void *release)
{
    int rc = leash_lock_acquire(&account);
    if (rc == 0 && release)
        leash_lock_release(&account);
    return rc;
}

static int takes_and_keeps(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(take, NULL)), NULL); /* LEAK lock-held 1 in kept_there */
}

static int takes_and_gives_back(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(take, &account)), NULL);
}

static int kept_there(void)
{
    return on_a_thread(takes_and_keeps);
}

static int given_back_there(void)
{
    return on_a_thread(takes_and_gives_back);
}

CASES(PLAIN_CASE(kept_there), PLAIN_CASE(given_back_there))
