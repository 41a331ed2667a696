/* In a loop on a thread of its own. A time limit's cancellation is the limit's own business. */
#include "loop_thread.h"

static int swallow(void *unused)
{
    (void)unused;
    leash_sleep(3600);
    return leash_sleep(5);
}

static int cancel_it(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(swallow, NULL)); /* LEAK cancel-ignored 1 in ignored_there */
    leash_sleep(1);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static int limit_it(void *unused)
{
    (void)unused;
    leash_timeout_t scope = leash_timeout_begin(1);
    int rc = leash_timeout_end(scope, leash_sleep(3600));
    return rc == -ETIMEDOUT ? leash_sleep(5) : -EPROTO;
}

static int ignored_there(void)
{
    return on_a_thread(cancel_it);
}

static int limited_there(void)
{
    return on_a_thread(limit_it);
}

CASES(PLAIN_CASE(ignored_there), PLAIN_CASE(limited_there))
