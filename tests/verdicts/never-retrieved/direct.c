/* A task or a future failed, and nobody looked at how. */
#include "verdict.h"

static leash_task_t held;
static leash_future_t promise;

static int task_fails(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(broken, NULL)); /* LEAK never-retrieved 1 in task_fails */
    return leash_sleep(1);
}

static int future_fails(void *unused)
{
    (void)unused;
    promise = leash_future(); /* LEAK never-retrieved 1 in future_fails */
    return leash_future_set_failure(promise, -EIO, "the disk is gone");
}

static int detached_fails(void *unused)
{
    (void)unused;
    leash_detach(leash_create_task(leash_coro(broken, NULL))); /* LEAK never-retrieved 1 in detached_fails */
    return leash_sleep(1);
}

static int only_waited_for(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(broken, NULL)); /* LEAK never-retrieved 1 in only_waited_for */
    leash_awaitable_t items[] = {held};
    return leash_wait(items, 1, LEASH_ALL_COMPLETED, -1, NULL) == 1 ? 0 : -EPROTO;
}

static int awaited(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(broken, NULL));
    return leash_await(held, NULL) == -EIO ? 0 : -EPROTO;
}

static int result_read(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(broken, NULL));
    leash_sleep(1);
    return leash_result(held, NULL) == -EIO ? 0 : -EPROTO;
}

CASES(CASE(task_fails), CASE(future_fails), CASE(detached_fails), CASE(only_waited_for), CASE(awaited),
      CASE(result_read))
