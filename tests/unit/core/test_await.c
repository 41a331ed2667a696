/* await of coroutines, tasks and futures; sleep; results and failures. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static char trail[256];

static void step(const char *text)
{
    strncat(trail, text, sizeof trail - strlen(trail) - 1);
}

static int reset(void **state)
{
    (void)state;
    trail[0] = '\0';
    return 0;
}

static int returns_arg(void *arg)
{
    return leash_return(arg);
}

static int sleeps(void *arg)
{
    int rc = leash_sleep(*(double *)arg);
    return rc < 0 ? rc : leash_return(arg);
}

struct seen {
    int rc[8];
    void *result[8];
    double time[8];
};

static int awaits_three_kinds(void *arg)
{
    struct seen *seen = arg;
    double second = 1;
    leash_task_t task = leash_create_task(leash_coro(sleeps, &second));
    leash_future_t future = leash_future();
    seen->rc[0] = leash_await(leash_coro(returns_arg, &seen->rc[7]), &seen->result[0]);
    seen->rc[1] = leash_await(task, &seen->result[1]);
    seen->time[1] = leash_time();
    leash_future_set_result(future, &seen->time[7]);
    seen->rc[2] = leash_await(future, &seen->result[2]);
    void *untyped = leash_create_task(leash_coro(returns_arg, arg));
    seen->rc[3] = leash_await(untyped, &seen->result[3]);
    return 0;
}

static void test_three_kinds(void **state)
{
    struct seen seen = {.rc = {-1, -1, -1, -1}};
    (void)state;
    assert_int_equal(run_virtual(awaits_three_kinds, &seen), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(seen.rc[i], 0);
    assert_ptr_equal(seen.result[0], &seen.rc[7]);
    assert_true(seen.time[1] == 1.0);
    assert_ptr_equal(seen.result[2], &seen.time[7]);
    assert_ptr_equal(seen.result[3], &seen);
}

static int logs(void *arg)
{
    step(arg);
    return 0;
}

static int inline_then_task(void *arg)
{
    (void)arg;
    leash_task_t other = leash_create_task(leash_coro(logs, text("other ")));
    leash_await(leash_coro(logs, text("inline ")), NULL);
    leash_await(leash_create_task(leash_coro(logs, text("task "))), NULL);
    step("main ");
    return leash_await(other, NULL);
}

static void test_inline_does_not_go_through_the_loop(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(inline_then_task, NULL), 0);
    assert_string_equal(trail, "inline other task main ");
}

static int fails(void *arg)
{
    return leash_fail(-EIO, "disk %d is gone", *(int *)arg);
}

static int passes_on(void *arg)
{
    return leash_await(leash_coro(fails, arg), NULL);
}

static int looks_at_failure(void *arg)
{
    struct leash_failure *failure = arg;
    int disk = 7;
    leash_task_t task = leash_create_task(leash_coro(passes_on, &disk));
    int rc = leash_await(task, NULL);
    if (leash_failure(task, failure) == 0) {
        static char kept[64];
        strncpy(kept, failure->message, sizeof kept - 1);
        failure->message = kept;
    }
    return rc;
}

static void test_message_and_origin_travel(void **state)
{
    struct leash_failure failure = {0};
    (void)state;
    assert_int_equal(run_virtual(looks_at_failure, &failure), -EIO);
    assert_int_equal(failure.code, -EIO);
    assert_string_equal(failure.message, "disk 7 is gone");
    assert_string_equal(failure.func, "fails");
}

static int invents_ecanceled(void *arg)
{
    (void)arg;
    return -ECANCELED;
}

static int sees_invented(void *arg)
{
    int *cancelled = arg;
    leash_task_t task = leash_create_task(leash_coro(invents_ecanceled, NULL));
    int rc = leash_await(task, NULL);
    *cancelled = leash_cancelled(task);
    return rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_ecanceled_without_a_cancellation_is_a_failure(void **state)
{
    int cancelled = -1;
    (void)state;
    assert_int_equal(run_virtual(sees_invented, &cancelled), 0);
    assert_int_equal(cancelled, 0);
}

static int dropped;

static void drop(void *arg)
{
    (void)arg;
    dropped++;
}

static int owns_result(void *arg)
{
    return leash_return_own(arg, drop);
}

static int fails_after_return(void *arg)
{
    leash_return_own(arg, drop);
    return -EIO;
}

static int copies_result(void *arg)
{
    int local = *(int *)arg;
    return leash_return_copy(&local, sizeof local);
}

static int reads_results(void *arg)
{
    int *copied = arg, value = 42;
    void *result = NULL;
    leash_await(leash_coro(copies_result, &value), &result);
    *copied = *(int *)result;
    leash_await(leash_coro(owns_result, &value), NULL);
    if (dropped != 0)
        return -EPROTO; /* must live until this task suspends */
    leash_sleep(0);
    if (dropped != 1)
        return -EPROTO;
    return leash_await(leash_coro(fails_after_return, &value), NULL);
}

static void test_results_that_own(void **state)
{
    int copied = 0;
    (void)state;
    dropped = 0;
    assert_int_equal(run_virtual(reads_results, &copied), -EIO);
    assert_int_equal(copied, 42);
    assert_int_equal(dropped, 2);
}

static int copy_is_private(void *arg)
{
    (*(int *)arg)++;
    return *(int *)arg;
}

static int copies(void *arg)
{
    int original = 1;
    leash_coro_t coro = leash_coro_copy(copy_is_private, &original, sizeof original);
    (void)arg;
    original = 10;
    int rc = leash_await(coro, NULL);
    return rc == 2 && original == 10 ? 0 : -EPROTO;
}

static void test_argument_copy(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(copies, NULL), 0);
}

static int never_runs(void *arg)
{
    (void)arg;
    return -EPROTO;
}

static int drops_arguments(void *arg)
{
    int *drops = arg;
    leash_close(leash_coro_own(never_runs, NULL, drop));
    drops[0] = dropped;
    leash_task_t task = leash_create_task(leash_coro_own(never_runs, NULL, drop));
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    leash_sleep(0);
    drops[1] = dropped;
    leash_coro_t forgotten = leash_coro_own(never_runs, NULL, drop);
    (void)forgotten;
    return rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_argument_is_dropped_if_the_body_never_runs(void **state)
{
    int drops[2] = {0};
    (void)state;
    dropped = 0;
    assert_int_equal(run_virtual(drops_arguments, drops), 0);
    assert_int_equal(drops[0], 1);
    assert_int_equal(drops[1], 2);
    assert_int_equal(dropped, 3);
    assert_null(leash_coro_own(NULL, NULL, drop));
    assert_int_equal(dropped, 4);
}

static int many_inline(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20000; i++)
        if (leash_await(leash_coro(returns_arg, arg), NULL) < 0)
            return -EPROTO;
    return 0;
}

static void test_a_body_that_never_suspends_hoards_nothing(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(many_inline, NULL), 0);
}

static int main_result(void *arg)
{
    return leash_return(arg);
}

static void test_result_of_main(void **state)
{
    void *result = NULL;
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    assert_int_equal(leash_run_with(leash_coro(main_result, &options), &options, &result), 0);
    assert_ptr_equal(result, &options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_kinds),
        cmocka_unit_test_setup(test_inline_does_not_go_through_the_loop, reset),
        cmocka_unit_test(test_message_and_origin_travel),
        cmocka_unit_test(test_ecanceled_without_a_cancellation_is_a_failure),
        cmocka_unit_test(test_results_that_own),
        cmocka_unit_test(test_argument_copy),
        cmocka_unit_test(test_argument_is_dropped_if_the_body_never_runs),
        cmocka_unit_test(test_a_body_that_never_suspends_hoards_nothing),
        cmocka_unit_test(test_result_of_main),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
