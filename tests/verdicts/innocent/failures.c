/* Failures that somebody received, by whichever way. */
#include "verdict.h"

static leash_task_t start(void)
{
    return leash_create_task(leash_coro(broken, NULL));
}

static int in_a_group(void *unused)
{
    struct leash_failure failures[2];
    (void)unused;
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(broken, NULL));
    if (rc == 0)
        rc = leash_group_spawn(group, leash_coro(broken, NULL));
    rc = leash_group_end(group, rc);
    return rc == -EIO && leash_group_failures(group, failures, 2) == 2 ? 0 : -EPROTO;
}

static int among_outcomes(void *unused)
{
    struct leash_outcome outcomes[2];
    (void)unused;
    leash_awaitable_t tasks[] = {start(), start()};
    int rc = leash_gather_wait_array(tasks, 2, LEASH_RETURN_FAILURES, outcomes);
    return rc == 0 && outcomes[0].rc == -EIO && outcomes[1].rc == -EIO ? 0 : -EPROTO;
}

static int passed_on(void *unused)
{
    (void)unused;
    return leash_await(start(), NULL);
}

static int passed_on_by_a_body(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(passed_on, NULL)), NULL) == -EIO ? 0 : -EPROTO;
}

static int by_wait_first_failure(void *unused)
{
    (void)unused;
    leash_awaitable_t tasks[] = {start()};
    int rc = leash_wait(tasks, 1, LEASH_FIRST_FAILURE, -1, NULL);
    return rc == 1 && leash_result(tasks[0], NULL) == -EIO ? 0 : -EPROTO;
}

static int in_a_cancelled_body(void *unused)
{
    (void)unused;
    int rc = leash_sleep(3600);
    return rc < 0 ? leash_fail(-EIO, "could not say goodbye") : 0;
}

static int after_a_cancellation(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(in_a_cancelled_body, NULL));
    leash_sleep(1);
    leash_cancel(task, NULL);
    return leash_await(task, NULL) == -EIO ? 0 : -EPROTO;
}

CASES(CASE(in_a_group), CASE(among_outcomes), CASE(passed_on_by_a_body), CASE(by_wait_first_failure),
      CASE(after_a_cancellation))
