/* A helper that cancels whatever is given to it, also what has failed already; its clean twin looks first. */
#include "verdict.h"

static void stop(leash_task_t task)
{
    leash_cancel(task, "stop");
}

static int look_and_stop(leash_task_t task)
{
    if (leash_done(task))
        return leash_result(task, NULL);
    leash_cancel(task, "stop");
    return leash_await(task, NULL);
}

static leash_task_t start(void)
{
    return leash_create_task(leash_coro(broken, NULL)); /* LEAK failure-hidden 1 in stopped_blindly */
}

static int stopped_blindly(void *unused)
{
    (void)unused;
    leash_task_t task = start();
    int rc = leash_sleep(1);
    stop(task);
    return rc;
}

static int looked_at(void *unused)
{
    (void)unused;
    leash_task_t task = start();
    leash_sleep(1);
    return look_and_stop(task) == -EIO ? 0 : -EPROTO;
}

CASES(CASE(stopped_blindly), CASE(looked_at))
