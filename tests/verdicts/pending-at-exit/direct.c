/* A task that somebody still holds has not ended when main returns. A detached one is found as well; a daemon, which
 * may be pending, is not. */
#include "verdict.h"

static leash_task_t held;

static int main_returns(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in main_returns */
    keep(&held);
    return leash_sleep(1);
}

static int never_began(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL)); /* LEAK pending-at-exit 1 in never_began */
    keep(&held);
    return 0;
}

static int detached(void *unused)
{
    (void)unused;
    leash_detach(leash_create_task(leash_coro(forever, NULL))); /* LEAK pending-at-exit 1 in detached */
    return leash_sleep(1);
}

static int daemon_task(void *unused)
{
    (void)unused;
    leash_task_daemon(leash_create_task(leash_coro(forever, NULL)));
    return leash_sleep(1);
}

static int awaited(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL));
    return leash_await(held, NULL);
}

CASES(CASE(main_returns), CASE(never_began), CASE(detached), CASE(daemon_task), CASE(awaited))
