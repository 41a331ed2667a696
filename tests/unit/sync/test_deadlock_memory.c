/* No memory while deadlocks are looked for, kept and told of: each allocation fails once, or from some moment on all
 * do. The run ends as it would, and a deadlock is told of all the same. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>
#include <trace_format.h>

#include "deadlocks.h"
#include "no_memory.h"
#include "sink.h"

enum { MOST = 200 };

static long fails_at;
static void (*fails)(long n);
static leash_lock_t one, two;
static leash_task_t a, b, c;

static int awaits(void *arg)
{
    return leash_await(*(leash_task_t *)arg, NULL);
}

static int takes_both(void *arg)
{
    leash_lock_t *mine = arg ? &two : &one, *other = arg ? &one : &two;
    int rc = leash_lock_acquire(mine);
    if (rc == 0 && (rc = leash_sleep(1)) == 0 && (rc = leash_lock_acquire(other)) == 0)
        leash_lock_release(other);
    leash_lock_release(mine);
    return rc;
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(1000);
}

static void take_in_a_circle(void)
{
    leash_lock_init(&one, "one");
    leash_lock_init(&two, "two");
    a = start(takes_both, NULL, "a");
    b = start(takes_both, &two, "b");
}

/* Main is behind it. */
static int stands(void *arg)
{
    (void)arg;
    take_in_a_circle();
    leash_sleep(0.5);
    fails(fails_at);
    return leash_await(b, NULL);
}

/* Main goes on, and one more waits behind them. */
static int goes_on(void *arg)
{
    (void)arg;
    take_in_a_circle();
    c = start(awaits, &b, "c");
    leash_sleep(0.5);
    fails(fails_at);
    int rc = 0;
    for (int i = 0; i < 5 && rc == 0; i++)
        rc = leash_sleep(1);
    return rc == -ENOMEM ? 0 : rc;
}

/* Nobody is in a deadlock. */
static int leaves_a_chain(void *arg)
{
    (void)arg;
    a = start(sleeps, NULL, "a");
    b = start(awaits, &a, "b");
    c = start(awaits, &b, "c");
    int rc = leash_sleep(1);
    fails(fails_at);
    return rc;
}

static int waits_for_nobody(void *arg)
{
    leash_future_t future = leash_future();
    (void)arg;
    fails(fails_at);
    return leash_await(future, NULL);
}

/* How many allocations there were. */
static long each_fails(leash_fn_t fn, void (*how)(long n), int code, const char *expected)
{
    fails = how;
    for (fails_at = 1; fails_at < MOST; fails_at++) {
        int rc = run(fn, NULL);
        long failed = no_memory_failed();
        no_memory_at(0);
        if (rc != code)
            fail_msg("run of allocation %ld: %d", fails_at, rc);
        if (!strstr(told, expected))
            fail_msg("at allocation %ld told was only: %s", fails_at, told);
        if (failed == 0)
            return fails_at - 1;
    }
    fail_msg("it never ends without a failure");
    return 0;
}

static void a_cycle_that_main_is_behind(void **state)
{
    (void)state;
    assert_true(each_fails(stands, no_memory_at, -EDEADLK, "deadlock:") > 4);
    assert_true(each_fails(stands, no_memory_from, -EDEADLK, "deadlock:") > 4);
}

/* What memory was wanting for once is looked for again. */
static void a_cycle_beside_main(void **state)
{
    (void)state;
    assert_true(each_fails(goes_on, no_memory_at, 0, "deadlock:a ") > 4);
    assert_non_null(strstr(told, "deadlock:a "));
    assert_null(strstr(told, ":b ")); /* with memory the others are victims */
    assert_null(strstr(told, ":c "));
}

static void a_standstill(void **state)
{
    (void)state;
    assert_true(each_fails(waits_for_nobody, no_memory_at, -EDEADLK, "deadlock:") >= 1);
    assert_true(each_fails(waits_for_nobody, no_memory_from, -EDEADLK, "deadlock:") >= 1);
}

/* Without memory all are told of. */
static void victims(void **state)
{
    (void)state;
    assert_true(each_fails(leaves_a_chain, no_memory_at, 0, "pending-at-exit:a ") >= 3);
    assert_string_equal(told, "pending-at-exit:a ");
    fails = no_memory_from;
    fails_at = 1;
    assert_int_equal(run(leaves_a_chain, NULL), 0);
    no_memory_at(0);
    assert_non_null(strstr(told, "pending-at-exit:a "));
    assert_non_null(strstr(told, "pending-at-exit:c "));
}

static void the_trace_is_told_as_well(void **state)
{
    leash_fn_t fns[] = {stands, waits_for_nobody};
    (void)state;
    fails = no_memory_from;
    for (size_t i = 0; i < 2; i++) {
        for (fails_at = 1; fails_at < 8; fails_at++) {
            sink_on(false);
            assert_int_equal(run(fns[i], NULL), -EDEADLK);
            no_memory_at(0);
            assert_int_equal(sink_count_of(LEASH_EV_DEADLOCK), 1);
            assert_true(sink_count_of(LEASH_EV_DEADLOCK_TASK) >= 1);
            sink_off();
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cycle_that_main_is_behind),
        cmocka_unit_test(a_cycle_beside_main),
        cmocka_unit_test(a_standstill),
        cmocka_unit_test(victims),
        cmocka_unit_test(the_trace_is_told_as_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
