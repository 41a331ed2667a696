/* The failure was retrieved by CPython's flag, and no code received it: the second one under a gather. */
#include "verdict.h"

static int broken_later(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    return rc < 0 ? rc : leash_fail(-EPIPE, "the line is dead");
}

static int second_failure(void *unused)
{
    (void)unused;
    leash_task_t first = leash_create_task(leash_coro(broken, NULL));
    leash_task_t second =
        leash_create_task(leash_coro(broken_later, NULL)); /* LEAK failure-hidden 1 in second_failure */
    int rc = leash_gather_wait(NULL, first, second);
    return rc == -EIO ? leash_sleep(2) : -EPROTO;
}

static int cancelled_when_it_had_failed(void *unused)
{
    (void)unused;
    leash_task_t task =
        leash_create_task(leash_coro(broken, NULL)); /* LEAK failure-hidden 1 in cancelled_when_it_had_failed */
    leash_sleep(1);
    return leash_cancel(task, NULL);
}

static int all_returned(void *unused)
{
    struct leash_outcome outcomes[2];
    (void)unused;
    leash_awaitable_t items[] = {leash_create_task(leash_coro(broken, NULL)),
                                 leash_create_task(leash_coro(broken_later, NULL))};
    int rc = leash_gather_wait_array(items, 2, LEASH_RETURN_FAILURES, outcomes);
    return rc == 0 && outcomes[1].rc == -EPIPE ? 0 : -EPROTO;
}

CASES(CASE(second_failure), CASE(cancelled_when_it_had_failed), CASE(all_returned))
