/* gather, wait, wait_for, shield, as_completed. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>

#include "sink.h"

struct job {
    double seconds;
    int code;
    int started, ended, rc;
};

static int work(void *arg)
{
    struct job *job = arg;
    job->started++;
    job->rc = leash_sleep(job->seconds);
    if (job->rc < 0)
        return job->rc;
    job->ended++;
    if (job->code < 0)
        return leash_fail(job->code, "job of %.0fs", job->seconds);
    return leash_return(job);
}

static int gathers(void *arg)
{
    struct job *jobs = arg;
    struct leash_outcome out[4];
    leash_task_t second = leash_create_task(leash_coro(work, &jobs[1]));
    leash_future_t third = leash_future();
    leash_future_set_result(third, &jobs[2]);
    int rc = leash_gather_wait(out, leash_coro(work, &jobs[0]), second, third, second);
    for (int i = 0; i < 3 && rc == 0; i++)
        if (out[i].rc != 0 || out[i].result != &jobs[i])
            return -EPROTO;
    return out[3].result == &jobs[1] && leash_time() == 2 ? rc : -EPROTO;
}

static void test_gather_keeps_the_order_of_the_call(void **state)
{
    struct job jobs[3] = {{.seconds = 2}, {.seconds = 1}, {.seconds = 0}};
    (void)state;
    assert_int_equal(run_virtual(gathers, jobs), 0);
    assert_int_equal(jobs[1].started, 1);
}

static int gathers_doubles(void *arg)
{
    struct job *job = arg;
    struct leash_outcome out[2];
    leash_coro_t coro = leash_coro(work, job);
    int rc = leash_gather_wait(out, coro, coro);
    return rc == 0 && out[0].result == job && out[1].result == job ? job->started : -EPROTO;
}

static void test_a_double_coroutine_is_one_task(void **state)
{
    struct job job = {.seconds = 1};
    (void)state;
    assert_int_equal(run_virtual(gathers_doubles, &job), 1);
}

static int gather_fails(void *arg)
{
    struct job *jobs = arg;
    leash_task_t slow = leash_create_task(leash_coro(work, &jobs[1]));
    int rc = leash_gather_wait(NULL, leash_coro(work, &jobs[0]), slow);
    if (rc != -EIO || leash_time() != 1 || leash_done(slow))
        return -EPROTO;
    return leash_await(slow, NULL);
}

static void test_the_first_failure_ends_a_gather_but_not_the_others(void **state)
{
    struct job jobs[2] = {{.seconds = 1, .code = -EIO}, {.seconds = 3}};
    (void)state;
    assert_int_equal(run_virtual(gather_fails, jobs), 0);
    assert_int_equal(jobs[1].ended, 1);
}

static int gather_all(void *arg)
{
    struct job *jobs = arg;
    leash_awaitable_t items[3];
    struct leash_outcome out[3];
    for (int i = 0; i < 3; i++)
        items[i] = leash_create_task(leash_coro(work, &jobs[i]));
    leash_cancel(items[2], NULL);
    int rc = leash_gather_wait_array(items, 3, LEASH_RETURN_FAILURES, out);
    return rc == 0 && out[0].rc == -EIO && out[1].rc == 0 && out[2].rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_failures_stand_among_the_outcomes(void **state)
{
    struct job jobs[3] = {{.seconds = 1, .code = -EIO}, {.seconds = 2}, {.seconds = 3}};
    (void)state;
    assert_int_equal(run_virtual(gather_all, jobs), 0);
}

static int gathers_nothing(void *arg)
{
    (void)arg;
    leash_future_t none = leash_gather_array(NULL, 0, 0);
    return leash_done(none) == 1 ? leash_await(none, NULL) : -EPROTO;
}

static void test_a_gather_of_nothing_is_done(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(gathers_nothing, NULL), 0);
}

static int refuses_items(void *arg)
{
    struct job *job = arg;
    leash_coro_t used = leash_coro(work, job), fresh = leash_coro(work, job);
    leash_await(used, NULL);
    leash_future_t gather = leash_gather(fresh, used);
    int error = errno;
    /* nothing was made of the items: fresh still is a coroutine */
    int rc = leash_close(fresh);
    return gather == NULL && error == EINVAL ? rc : -EPROTO;
}

static void test_a_refused_gather_takes_nothing(void **state)
{
    struct job job = {.seconds = 1};
    (void)state;
    assert_int_equal(run_virtual(refuses_items, &job), 0);
    assert_int_equal(job.started, 1);
}

static int waits(void *arg)
{
    struct job *jobs = arg;
    leash_awaitable_t items[3];
    unsigned char done[3];
    for (int i = 0; i < 3; i++)
        items[i] = leash_create_task(leash_coro(work, &jobs[i]));
    if (leash_wait(items, 3, LEASH_FIRST_COMPLETED, -1, done) != 1 || done[0] || !done[1] || done[2])
        return -EPROTO;
    if (leash_wait(items, 3, LEASH_FIRST_FAILURE, -1, done) != 2 || !done[2] || leash_time() != 2)
        return -EPROTO;
    if (leash_wait(items, 3, LEASH_ALL_COMPLETED, 0.5, done) != 2 || leash_time() != 2.5)
        return -EPROTO;
    if (leash_wait(items, 3, LEASH_ALL_COMPLETED, -1, NULL) != 3 || leash_time() != 3)
        return -EPROTO;
    for (int i = 0; i < 3; i++)
        leash_await(items[i], NULL);
    return leash_wait(items, 0, LEASH_ALL_COMPLETED, -1, NULL);
}

static void test_wait_in_three_modes(void **state)
{
    struct job jobs[3] = {{.seconds = 3}, {.seconds = 1}, {.seconds = 2, .code = -EIO}};
    (void)state;
    assert_int_equal(run_virtual(waits, jobs), -EINVAL);
}

static int waits_for(void *arg)
{
    struct job *jobs = arg;
    void *result = NULL;
    if (leash_wait_for(leash_coro(work, &jobs[0]), 5, &result) != 0 || result != &jobs[0])
        return -EPROTO;
    if (leash_wait_for(leash_coro(work, &jobs[1]), 1, NULL) != -ETIMEDOUT || jobs[1].rc != -ECANCELED)
        return -EPROTO;
    if (leash_wait_for(leash_coro(work, &jobs[2]), 0, NULL) != -ETIMEDOUT || jobs[2].started)
        return -EPROTO;
    return leash_wait_for(leash_coro(work, &jobs[2]), -1, NULL);
}

static void test_wait_for(void **state)
{
    struct job jobs[3] = {{.seconds = 1}, {.seconds = 3}, {.seconds = 1, .code = -EIO}};
    (void)state;
    assert_int_equal(run_virtual(waits_for, jobs), -EIO);
}

static int shielded(void *arg)
{
    leash_task_t task = arg;
    return leash_await(leash_shield(task), NULL);
}

static int shields(void *arg)
{
    struct job *job = arg;
    leash_task_t task = leash_create_task(leash_coro(work, job));
    leash_task_t waiter = leash_create_task(leash_coro(shielded, task));
    leash_sleep(1);
    leash_cancel(waiter, NULL);
    if (leash_await(waiter, NULL) != -ECANCELED || leash_done(task))
        return -EPROTO;
    void *result = NULL;
    int rc = leash_await(leash_shield(task), &result);
    if (rc != 0 || result != job)
        return -EPROTO;
    return leash_await(leash_shield(task), NULL); /* of a finished one: itself */
}

static void test_shield(void **state)
{
    struct job job = {.seconds = 3};
    (void)state;
    assert_int_equal(run_virtual(shields, &job), 0);
    assert_int_equal(job.ended, 1);
}

static int wait_for_of_a_shield(void *arg)
{
    struct job *job = arg;
    leash_task_t task = leash_create_task(leash_coro(work, job));
    if (leash_wait_for(leash_shield(task), 1, NULL) != -ETIMEDOUT || leash_done(task))
        return -EPROTO;
    return leash_await(task, NULL);
}

static void test_wait_for_of_a_shield(void **state)
{
    struct job job = {.seconds = 3};
    (void)state;
    assert_int_equal(run_virtual(wait_for_of_a_shield, &job), 0);
}

static int as_completed(void *arg)
{
    struct job *jobs = arg;
    leash_awaitable_t items[3];
    for (int i = 0; i < 3; i++)
        items[i] = leash_coro(work, &jobs[i]);
    struct leash_as_completed *it = leash_as_completed(items, 3, 2.5);
    size_t index[4];
    void *result = NULL;
    int rc[4];
    for (int i = 0; i < 4; i++)
        rc[i] = leash_next_completed(it, &index[i], &result);
    leash_as_completed_free(it);
    leash_as_completed_free(NULL);
    bool right = rc[0] == 0 && index[0] == 1 && rc[1] == -EIO && index[1] == 2 && rc[2] == -ETIMEDOUT &&
                 index[2] == SIZE_MAX && rc[3] == -ENODATA;
    return right && leash_time() == 2.5 ? 0 : -EPROTO;
}

static void test_as_completed(void **state)
{
    struct job jobs[3] = {{.seconds = 3}, {.seconds = 1}, {.seconds = 2, .code = -EIO}};
    (void)state;
    assert_int_equal(run_virtual(as_completed, jobs), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gather_keeps_the_order_of_the_call),
        cmocka_unit_test(test_a_double_coroutine_is_one_task),
        cmocka_unit_test(test_the_first_failure_ends_a_gather_but_not_the_others),
        cmocka_unit_test(test_failures_stand_among_the_outcomes),
        cmocka_unit_test(test_a_gather_of_nothing_is_done),
        cmocka_unit_test(test_a_refused_gather_takes_nothing),
        cmocka_unit_test(test_wait_in_three_modes),
        cmocka_unit_test(test_wait_for),
        cmocka_unit_test(test_shield),
        cmocka_unit_test(test_wait_for_of_a_shield),
        cmocka_unit_test(test_as_completed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
