/* leash_uv_loop: libuv handles of the program's own in the same loop, awaited through futures. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>
#include <uv.h>

#include "sink.h"

/* ---- a callback becomes an await ---- */

static void on_timer(uv_timer_t *timer)
{
    leash_future_set_result(timer->data, timer);
}

static void on_close(uv_handle_t *handle)
{
    leash_future_set_result(handle->data, NULL);
}

static int closes(uv_handle_t *handle)
{
    leash_future_t gone = leash_future();
    handle->data = gone;
    uv_close(handle, on_close);
    return leash_await(gone, NULL);
}

static int waits_for_a_handle(void *arg)
{
    uv_timer_t timer;
    void *result = NULL;
    (void)arg;
    leash_future_t rang = leash_future();
    uv_timer_init(leash_uv_loop(), &timer);
    timer.data = rang;
    uv_timer_start(&timer, on_timer, 2, 0);
    int rc = leash_await(rang, &result);
    if (rc < 0 || result != &timer)
        return -EPROTO;
    return closes((uv_handle_t *)&timer);
}

static void test_a_handle_is_awaited(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(waits_for_a_handle, NULL, &options), 0);
    assert_int_equal(run_virtual(waits_for_a_handle, NULL), 0);
}

static void on_work(uv_work_t *work)
{
    *(int *)work->data = 42;
}

struct job {
    uv_work_t work;
    int answer, status;
    leash_future_t done;
};

static void after_work(uv_work_t *work, int status)
{
    struct job *job = (struct job *)(void *)work;
    job->status = status;
    leash_future_set_result(job->done, NULL);
}

static int waits_for_work(void *arg)
{
    struct job *job = arg;
    job->done = leash_future();
    job->work.data = &job->answer;
    int rc = uv_queue_work(leash_uv_loop(), &job->work, on_work, after_work);
    return rc < 0 ? rc : leash_await(job->done, NULL);
}

static void test_requests_too(void **state)
{
    struct job job = {0};
    (void)state;
    assert_int_equal(run_virtual(waits_for_work, &job), 0);
    assert_int_equal(job.answer, 42);
    assert_int_equal(job.status, 0);
}

/* libuv runs a timer that is due before it sleeps, and would sleep all the same. */
static int waits_for_what_is_due(void *arg)
{
    uv_timer_t timer;
    (void)arg;
    leash_future_t rang = leash_future();
    uv_timer_init(leash_uv_loop(), &timer);
    timer.data = rang;
    uv_timer_start(&timer, on_timer, 0, 0);
    int rc = leash_await(rang, NULL);
    int end = closes((uv_handle_t *)&timer);
    return rc < 0 ? rc : end;
}

static void test_what_is_due_does_not_wait(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(waits_for_what_is_due, NULL, &options), 0);
}

/* ---- standstill, and the end ---- */

static int waits_for_nothing(void *arg)
{
    (void)arg;
    return leash_uv_loop() && leash_uv_loop() == leash_uv_loop() ? leash_await(leash_future(), NULL) : -EPROTO;
}

static void test_no_handle_is_no_hope(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(waits_for_nothing, NULL), -EDEADLK);
}

static uv_timer_t left_open;

static int leaves_it_open(void *arg)
{
    (void)arg;
    uv_timer_init(leash_uv_loop(), &left_open);
    uv_timer_start(&left_open, on_timer, 3600000, 0);
    return 0;
}

static void test_handles_left_open_are_closed(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(leaves_it_open, NULL), 0);
    assert_int_equal(uv_is_closing((uv_handle_t *)&left_open), 1);
}

static void test_no_loop(void **state)
{
    (void)state;
    assert_null(leash_uv_loop());
    assert_int_equal(errno, EPERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_handle_is_awaited),          cmocka_unit_test(test_requests_too),
        cmocka_unit_test(test_what_is_due_does_not_wait),    cmocka_unit_test(test_no_handle_is_no_hope),
        cmocka_unit_test(test_handles_left_open_are_closed), cmocka_unit_test(test_no_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
