/* leash_run, as CPython's test_runners.py pins asyncio.run: outcomes, what is left over, one run after the other.
 * SIGINT is in test_interrupt.c. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <trace_format.h>

/* ---- outcomes ---- */

static int value;

static int returns(void *arg)
{
    int rc = leash_sleep(0);
    return rc < 0 ? rc : leash_return(arg);
}

static int returns_a_code(void *arg)
{
    int rc = leash_sleep(0);
    return rc < 0 ? rc : *(int *)arg;
}

static int run_for_result(leash_coro_t coro, void **result)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    return leash_run_with(coro, &options, result);
}

static void test_mains_outcome_is_the_runs(void **state)
{
    void *result = NULL;
    (void)state;
    assert_int_equal(run_for_result(leash_coro(returns, &value), &result), 0);
    assert_ptr_equal(result, &value);
    for (int code = -ENOTTY; code <= 42; code += ENOTTY + 42)
        assert_int_equal(run_for_result(leash_coro(returns_a_code, &code), NULL), code);
    assert_int_equal(run_for_result(leash_coro(returns_a_code, &(int){0}), NULL), 0); /* one run after the other */
}

static void *kept[3];

static int keeps_handles(void *arg)
{
    leash_coro_t coro = leash_coro(returns, arg);
    kept[0] = leash_create_task(leash_coro(returns, arg));
    kept[1] = leash_future();
    kept[2] = coro;
    leash_future_set_result(kept[1], NULL);
    leash_await(coro, NULL);
    return leash_gather_wait(NULL, kept[0], kept[1]);
}

static void test_only_a_coroutine_is_run(void **state)
{
    (void)state;
    assert_holds(keeps_handles);
    for (int i = 0; i < 3; i++)
        assert_true(run_for_result((leash_coro_t)kept[i], NULL) < 0);
    assert_int_equal(run_for_result(NULL, NULL), -EINVAL);
    assert_int_equal(run_for_result((leash_coro_t)&value, NULL), -EINVAL);
}

static int runs_in_a_run(void *arg)
{
    leash_coro_t coro = leash_coro(returns, arg);
    EXPECT(leash_run(coro) == -EPERM && strstr(leash_last_error(), "await the coroutine instead"));
    return leash_await(coro, NULL); /* it is as good as before */
}

static void test_not_from_inside(void **state)
{
    (void)state;
    assert_holds(runs_in_a_run);
}

/* ---- what is left over ---- */

static int ends_as_told(void *arg)
{
    int rc = leash_sleep(0.1);
    note(rc == -ECANCELED ? "cancelled" : "went on");
    return rc == -ECANCELED && arg ? leash_fail(-EDOM, "in the clean-up") : rc;
}

static leash_task_t left_over;

static int leaves_one(void *arg)
{
    left_over = leash_create_task(leash_coro(ends_as_told, arg));
    return 123; /* it begins in the iteration that learns of this */
}

static int fails_and_leaves_one(void *arg)
{
    leaves_one(arg);
    return -ENOENT;
}

static void test_what_hangs_is_cancelled(void **state)
{
    (void)state;
    assert_ends(leaves_one, NULL, 123);
    assert_string_equal(noted.trail, "cancelled");
    assert_int_equal(leash_done(left_over), 1);
    assert_ends(fails_and_leaves_one, NULL, -ENOENT);
    assert_string_equal(noted.trail, "cancelled");
    assert_int_equal(leash_done(left_over), 1);
}

/* It changes nothing for main; the trace tells. */
static void test_what_fails_when_it_is_cancelled(void **state)
{
    (void)state;
    sink_on(false);
    assert_ends(leaves_one, &value, 123);
    assert_string_equal(noted.trail, "cancelled");
    assert_int_equal(sink_count_of(LEASH_EV_CANCEL_CLEANUP), 1);
    assert_int_equal(sink_count_of(LEASH_EV_FAILED), 1);
    assert_int_equal(sink_find(LEASH_EV_FAILED, 0)->a, sink_find(LEASH_EV_CANCEL_CLEANUP, 0)->a);
    assert_int_equal(sink_find(LEASH_EV_FAILED, 0)->b, EDOM);
    assert_string_equal(sink_find(LEASH_EV_FAILURE, 0)->text, "in the clean-up");
    sink_off();
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mains_outcome_is_the_runs),
        cmocka_unit_test(test_only_a_coroutine_is_run),
        cmocka_unit_test(test_not_from_inside),
        cmocka_unit_test(test_what_hangs_is_cancelled),
        cmocka_unit_test(test_what_fails_when_it_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
