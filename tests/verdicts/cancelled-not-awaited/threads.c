/* A loop on a thread of its own cancels its task and ends. */
#include "loop_thread.h"
#include "slow_to_end.h"

static leash_task_t held;

static int cancels(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(slow_to_end, NULL)); /* LEAK cancelled-not-awaited 1 in cancelled_there */
    leash_sleep(1);
    return leash_cancel(held, NULL) == 1 ? 0 : -EPROTO;
}

static int waits(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(slow_to_end, NULL));
    leash_sleep(1);
    leash_cancel(held, NULL);
    return leash_await(held, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int cancelled_there(void)
{
    return on_a_thread(cancels);
}

static int awaited_there(void)
{
    return on_a_thread(waits);
}

CASES(PLAIN_CASE(cancelled_there), PLAIN_CASE(awaited_there))
