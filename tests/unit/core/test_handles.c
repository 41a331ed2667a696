/* Handles: stale ones, random values, misuse. Always an error and a message, never a fault. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <random.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <trace_format.h>

#include "sink.h"

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static bool is_refusal(int rc)
{
    return (rc == -EINVAL || rc == -ESTALE) && *leash_last_error();
}

/* Every public function that takes a handle, with one that names nothing. Returns how many answered wrongly. */
static int try_all(void *bad)
{
    struct leash_failure failure;
    void *result;
    unsigned char done[1];
    int wrong = 0;
    wrong += !is_refusal(leash_await(bad, &result));
    wrong += !is_refusal(leash_await((leash_coro_t)bad, &result));
    wrong += !is_refusal(leash_await((leash_task_t)bad, &result));
    wrong += !is_refusal(leash_await((leash_future_t)bad, &result));
    wrong += !is_refusal(leash_close(bad));
    wrong += !is_refusal(leash_failure(bad, &failure));
    wrong += leash_create_task((leash_coro_t)bad) != NULL;
    wrong += leash_task_name(bad) != NULL;
    wrong += !is_refusal(leash_task_set_name(bad, "x"));
    wrong += !is_refusal(leash_cancelled(bad));
    wrong += !is_refusal(leash_result(bad, &result));
    wrong += !is_refusal(leash_cancelling(bad));
    wrong += !is_refusal(leash_uncancel(bad));
    wrong += leash_cancel_message(bad) != NULL;
    wrong += !is_refusal(leash_future_set_result(bad, NULL));
    wrong += !is_refusal(leash_future_set_failure(bad, -EIO, "x"));
    wrong += leash_gather(bad) != NULL;
    wrong += !is_refusal(leash_gather_wait_array(&bad, 1, 0, NULL));
    wrong += !is_refusal(leash_wait(&bad, 1, LEASH_ALL_COMPLETED, 1, done));
    wrong += !is_refusal(leash_wait_for(bad, 1, NULL));
    wrong += leash_shield(bad) != NULL;
    wrong += leash_as_completed(&bad, 1, -1) != NULL;
    wrong += !is_refusal(leash_timeout_end(bad, 0));
    wrong += !is_refusal(leash_timeout_reschedule(bad, 1));
    wrong += !is_refusal(leash_timeout_expired(bad));
    wrong += !is_refusal(leash_ref(bad));
    wrong += !is_refusal(leash_unref(bad));
    wrong += !is_refusal(leash_detach(bad));
    wrong += !is_refusal(leash_task_daemon(bad));
    return wrong;
}

static int fuzzes(void *arg)
{
    uint64_t *seed = arg;
    int wrong = 0;
    leash_task_t live = leash_create_task(leash_coro(nothing, NULL));
    for (int i = 0; i < 3000; i++) {
        uint64_t word = leash__random(seed);
        uint64_t live_word = (uint64_t)(uintptr_t)live;
        if (i % 3 == 1) /* a live one with a few bits turned */
            word = live_word ^ 1ull << (word % 48) ^ 1ull << (word >> 8) % 48;
        if (i % 3 == 2)
            word >>= word % 64;
        if (word != live_word)
            wrong += try_all((void *)(uintptr_t)word);
    }
    leash_await(live, NULL);
    return wrong;
}

static void test_random_values_are_refused(void **state)
{
    uint64_t seed = 20261121;
    (void)state;
    assert_int_equal(run_virtual(fuzzes, &seed), 0);
}

static int stale(void *arg)
{
    void **kept = arg;
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_coro_t coro = leash_coro(nothing, NULL);
    leash_future_t future = leash_future();
    leash_future_set_result(future, NULL);
    leash_await(task, NULL);
    leash_await(coro, NULL);
    leash_await(future, NULL);
    leash_sleep(0);
    kept[0] = task;
    kept[1] = coro;
    kept[2] = future;
    int wrong = 0;
    for (int i = 0; i < 3; i++) {
        wrong += try_all(kept[i]);
        wrong += leash_done(kept[i]) != 1;
        wrong += leash_cancel(kept[i], NULL) != 0;
    }
    for (int i = 0; i < 1000; i++) /* slots are used again; the old handles stay stale */
        leash_await(leash_coro(nothing, NULL), NULL);
    return wrong + try_all(task);
}

static void test_stale_handles_are_refused(void **state)
{
    void *kept[3];
    (void)state;
    assert_int_equal(run_virtual(stale, kept), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(leash_done(kept[i]), 1);
        assert_int_not_equal(leash_await(kept[i], NULL), 0);
    }
}

static void test_without_a_loop(void **state)
{
    (void)state;
    leash_coro_t coro = leash_coro(nothing, NULL);
    assert_non_null(coro);
    errno = 0;
    assert_null(leash_create_task(coro));
    assert_int_equal(errno, EPERM);
    assert_non_null(strstr(leash_last_error(), "no running event loop"));
    assert_null(leash_future());
    assert_null(leash_gather(coro));
    assert_null(leash_call_soon(NULL, NULL));
    assert_int_equal(leash_sleep(1), -EPERM);
    assert_int_equal(leash_await(coro, NULL), -EPERM);
    assert_int_equal(leash_return(NULL), -EPERM);
    assert_int_equal(leash_scan(NULL), -EPERM);
    assert_null(leash_current_task());
    assert_true(leash_time() < 0);
    assert_int_equal(leash_close(coro), 0);
    assert_null(leash_coro(NULL, NULL));
    assert_int_equal(errno, EINVAL);
}

static int misuses(void *arg)
{
    int *rc = arg;
    leash_coro_t coro = leash_coro(nothing, NULL);
    rc[0] = leash_await(leash_current_task(), NULL);
    leash_await(coro, NULL);
    rc[1] = leash_await(coro, NULL);
    leash_coro_t other = leash_coro(nothing, NULL);
    rc[2] = leash_run(other);
    leash_close(other);
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    rc[3] = leash_future_set_result((leash_future_t)(void *)task, NULL);
    leash_await(task, NULL);
    leash_future_t future = leash_future();
    leash_future_set_result(future, NULL);
    rc[4] = leash_future_set_result(future, NULL);
    return leash_await(future, NULL);
}

static void test_misuse_is_said(void **state)
{
    int rc[5] = {0};
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(misuses, rc), 0);
    assert_int_equal(rc[0], -EINVAL);
    assert_int_equal(rc[1], -EINVAL);
    assert_int_equal(rc[2], -EPERM);
    assert_int_equal(rc[3], -EINVAL);
    assert_int_equal(rc[4], -EALREADY);
    assert_int_equal(sink_find(LEASH_EV_MISUSE, 0)->b, LEASH_MISUSE_SELF_AWAIT);
    assert_int_equal(sink_find(LEASH_EV_MISUSE, 1)->b, LEASH_MISUSE_AWAITED_TWICE);
    assert_int_equal(sink_find(LEASH_EV_MISUSE, 2)->b, LEASH_MISUSE_NESTED_RUN);
    assert_non_null(strstr(sink_find(LEASH_EV_MISUSE, 0)->text, "itself"));
    sink_off();
}

struct foreign {
    leash_task_t task;
    int rc[4];
};

static void *other_thread(void *arg)
{
    struct foreign *foreign = arg;
    foreign->rc[0] = leash_cancel(foreign->task, NULL);
    foreign->rc[1] = leash_detach(foreign->task);
    foreign->rc[2] = leash_cancelled(foreign->task);
    foreign->rc[3] = leash_result(foreign->task, NULL);
    return NULL;
}

static int calls_from_a_thread(void *arg)
{
    struct foreign *foreign = arg;
    pthread_t thread;
    foreign->task = leash_create_task(leash_coro(nothing, NULL));
    if (pthread_create(&thread, NULL, other_thread, foreign) != 0)
        return -EPROTO;
    pthread_join(thread, NULL);
    return leash_await(foreign->task, NULL);
}

static void test_the_wrong_thread_is_refused(void **state)
{
    struct foreign foreign = {0};
    (void)state;
    assert_int_equal(run_virtual(calls_from_a_thread, &foreign), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(foreign.rc[i], -EPERM);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_loop),
        cmocka_unit_test(test_random_values_are_refused),
        cmocka_unit_test(test_stale_handles_are_refused),
        cmocka_unit_test(test_misuse_is_said),
        cmocka_unit_test(test_the_wrong_thread_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
