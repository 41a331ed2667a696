/* Timeout scopes, as CPython's test_timeouts.py pins them. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

/* ---- in time, and too late ---- */

static int runs_out(void *arg)
{
    leash_timeout_t scope = leash_timeout_begin(0.01);
    int rc = leash_sleep(10);
    (void)arg;
    EXPECT(rc == -ECANCELED && leash_timeout_expired(scope) == 1);
    EXPECT(leash_timeout_end(scope, rc) == -ETIMEDOUT && leash_time() == 0.01);
    EXPECT(leash_cancelling(leash_current_task()) == 0 && leash_sleep(1) == 0); /* it is over */
    return 0;
}

static void test_a_limit_that_runs_out(void **state)
{
    (void)state;
    assert_holds(runs_out);
}

static int is_in_time(void *arg)
{
    static const double limits[] = {10, -1};
    (void)arg;
    for (int i = 0; i < 2; i++) {
        leash_timeout_t scope = leash_timeout_begin(limits[i]);
        int rc = leash_sleep(0.01);
        EXPECT(rc == 0 && leash_timeout_expired(scope) == 0 && leash_timeout_end(scope, rc) == 0);
    }
    EXPECT(leash_sleep(20) == 0); /* nothing comes later */
    return 0;
}

static void test_one_that_does_not(void **state)
{
    (void)state;
    assert_holds(is_in_time);
}

static int has_no_time(void *arg)
{
    static const double sleeps[] = {10, 0};
    (void)arg;
    for (int i = 0; i < 2; i++) {
        leash_timeout_t scope = leash_timeout_begin(0);
        int rc = leash_sleep(sleeps[i]);
        EXPECT(rc == -ECANCELED && leash_timeout_expired(scope) == 1);
        EXPECT(leash_timeout_end(scope, rc) == -ETIMEDOUT && leash_time() == 0);
    }
    return 0;
}

static void test_no_time_at_all(void **state)
{
    (void)state;
    assert_holds(has_no_time);
}

static int times_out_inside(void *arg)
{
    leash_timeout_t scope = leash_timeout_begin(0.001);
    (void)arg;
    return leash_timeout_end(scope, leash_sleep(10)) == -ETIMEDOUT ? 7 : -EPROTO;
}

static int awaits_it(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(times_out_inside, NULL));
    (void)arg;
    EXPECT(leash_await(task, NULL) == 7 && leash_cancelled(task) == 0 && leash_done(task) == 1);
    return 0;
}

static void test_the_task_is_not_cancelled_by_it(void **state)
{
    (void)state;
    assert_holds(awaits_it);
}

/* ---- failures and cancellations of others ---- */

static int fails_inside(void *arg)
{
    leash_timeout_t scope = leash_timeout_begin(0.01);
    (void)arg;
    EXPECT(leash_timeout_expired(scope) == 0 && leash_timeout_end(scope, -EDOM) == -EDOM);
    scope = leash_timeout_begin(0.01);
    EXPECT(leash_sleep(1) == -ECANCELED);
    EXPECT(leash_timeout_end(scope, -EDOM) == -EDOM); /* what it makes of the cancellation is its business */
    EXPECT(leash_cancelling(leash_current_task()) == 0);
    return 0;
}

static void test_a_failure_passes_through(void **state)
{
    (void)state;
    assert_holds(fails_inside);
}

static int is_cancelled_by_another(void *arg)
{
    leash_timeout_t scope = leash_timeout_begin(10);
    leash_cancel(leash_current_task(), NULL);
    int rc = leash_sleep(10);
    (void)arg;
    EXPECT(leash_timeout_expired(scope) == 0);
    return leash_timeout_end(scope, rc);
}

static int is_cancelled_before(void *arg)
{
    (void)arg;
    leash_cancel(leash_current_task(), NULL);
    EXPECT(leash_sleep(1) == -ECANCELED); /* and is not taken back */
    leash_timeout_t scope = leash_timeout_begin(0);
    EXPECT(leash_timeout_end(scope, leash_sleep(1)) == -ETIMEDOUT && leash_time() == 0);
    EXPECT(leash_cancelling(leash_current_task()) == 1);
    return 0;
}

static int is_cancelled_before_and_in_it(void *arg)
{
    (void)arg;
    leash_cancel(leash_current_task(), NULL);
    EXPECT(leash_sleep(1) == -ECANCELED);
    leash_timeout_t scope = leash_timeout_begin(1);
    leash_cancel(leash_current_task(), NULL);
    EXPECT(leash_timeout_end(scope, leash_sleep(2)) == -ECANCELED && leash_time() == 0);
    return 0;
}

static void test_cancellations_of_others(void **state)
{
    (void)state;
    assert_ends(is_cancelled_by_another, NULL, -ECANCELED);
    assert_holds(is_cancelled_before);
    assert_holds(is_cancelled_before_and_in_it);
}

/* ---- one in another ---- */

static int run_out_together(void *arg)
{
    leash_timeout_t outer = leash_timeout_begin(0.01), inner = leash_timeout_begin(0.01);
    int rc = leash_sleep(10);
    (void)arg;
    EXPECT(rc == -ECANCELED && leash_timeout_expired(outer) == 1 && leash_timeout_expired(inner) == 1);
    rc = leash_timeout_end(inner, rc);
    EXPECT(rc == -ECANCELED); /* only the outermost one tells */
    EXPECT(leash_timeout_end(outer, rc) == -ETIMEDOUT && leash_cancelling(leash_current_task()) == 0);
    return 0;
}

static int run_out_one_after_the_other(void *arg)
{
    leash_timeout_t outer = leash_timeout_begin(0.1), inner = leash_timeout_begin(0.01);
    (void)arg;
    EXPECT(leash_timeout_end(inner, leash_sleep(1)) == -ETIMEDOUT && leash_time() == 0.01);
    int rc = leash_sleep(10);
    EXPECT(rc == -ECANCELED && leash_timeout_end(outer, rc) == -ETIMEDOUT && leash_time() == 0.1);
    return 0;
}

static int runs_out_in_a_clean_up(void *arg)
{
    leash_timeout_t outer = leash_timeout_begin(0.01);
    int rc = leash_sleep(1);
    (void)arg;
    EXPECT(rc == -ECANCELED);
    leash_timeout_t inner = leash_timeout_begin(0.01);
    EXPECT(leash_timeout_end(inner, leash_sleep(10)) == -ETIMEDOUT && leash_time() == 0.02);
    EXPECT(leash_timeout_end(outer, rc) == -ETIMEDOUT && leash_cancelling(leash_current_task()) == 0);
    return 0;
}

static void test_nested(void **state)
{
    (void)state;
    assert_holds(run_out_together);
    assert_holds(run_out_one_after_the_other);
    assert_holds(runs_out_in_a_clean_up);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Both are over when the body has done with its sums: the loop finds that in one iteration, the inner one first, and
 * the cancellation is the outer one's. */
static int crunches(void *arg)
{
    leash_timeout_t outer = leash_timeout_begin(0.004), inner = leash_timeout_begin(0.001);
    double began = seconds();
    while (seconds() < began + 0.006)
        ;
    int rc = leash_sleep(3600);
    (void)arg;
    EXPECT(leash_timeout_expired(outer) == 1 && leash_timeout_expired(inner) == 1);
    EXPECT(leash_timeout_end(inner, rc) == -ECANCELED && leash_timeout_end(outer, rc) == -ETIMEDOUT);
    return 0;
}

static void test_nested_in_a_loop_that_is_late(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    noted.line = 0;
    assert_int_equal(run_options(crunches, NULL, &options), 0);
    assert_noted();
}

/* ---- moved ---- */

static leash_timeout_t moved;

static int lends_its_scope(void *arg)
{
    leash_timeout_t scope = moved = leash_timeout_begin(10);
    int rc = leash_sleep(50);
    EXPECT(leash_timeout_expired(scope) == 0);
    rc = leash_timeout_end(scope, rc);
    (void)arg;
    return rc;
}

static int moves_the_limit(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(lends_its_scope, NULL));
    (void)arg;
    leash_sleep(5);
    EXPECT(leash_timeout_reschedule(moved, 20) == 0);
    leash_sleep(10);
    EXPECT(leash_timeout_expired(moved) == 0 && leash_timeout_reschedule(moved, -1) == 0);
    leash_sleep(20);
    EXPECT(leash_timeout_expired(moved) == 0 && leash_done(task) == 0);
    leash_cancel(task, NULL);
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
    EXPECT(leash_timeout_expired(moved) == -ESTALE);
    return 0;
}

static void test_the_limit_is_moved(void **state)
{
    (void)state;
    assert_holds(moves_the_limit);
}

static int moves_what_is_over(void *arg)
{
    leash_timeout_t in_time = leash_timeout_begin(0.01);
    (void)arg;
    EXPECT(leash_timeout_end(in_time, 0) == 0);
    EXPECT(leash_timeout_reschedule(in_time, 0.02) == -ESTALE && leash_timeout_end(in_time, 0) == -ESTALE);
    leash_timeout_t late = leash_timeout_begin(0.01);
    int rc = leash_sleep(1);
    EXPECT(leash_timeout_reschedule(late, 0.02) == -EINVAL && strstr(leash_last_error(), "expired"));
    EXPECT(leash_timeout_end(late, rc) == -ETIMEDOUT);
    EXPECT(leash_timeout_reschedule(late, 0.02) == -ESTALE);
    return 0;
}

static void test_what_is_over_cannot_be_moved(void **state)
{
    (void)state;
    assert_holds(moves_what_is_over);
}

static void begins_outside(void *arg)
{
    (void)arg;
    EXPECT(leash_timeout_begin(0.01) == NULL && errno == EPERM);
    note("refused");
}

static int has_a_callback(void *arg)
{
    (void)arg;
    leash_call_soon(begins_outside, NULL);
    return leash_sleep(0);
}

static void test_outside_of_a_task(void **state)
{
    (void)state;
    assert_trail(has_a_callback, "refused");
    assert_null(leash_timeout_begin(0.01));
    assert_int_equal(errno, EPERM);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_limit_that_runs_out),
        cmocka_unit_test(test_one_that_does_not),
        cmocka_unit_test(test_no_time_at_all),
        cmocka_unit_test(test_the_task_is_not_cancelled_by_it),
        cmocka_unit_test(test_a_failure_passes_through),
        cmocka_unit_test(test_cancellations_of_others),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_nested_in_a_loop_that_is_late),
        cmocka_unit_test(test_the_limit_is_moved),
        cmocka_unit_test(test_what_is_over_cannot_be_moved),
        cmocka_unit_test(test_outside_of_a_task),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
