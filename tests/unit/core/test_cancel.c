/* Cancellation: delivery, counting, messages, chains, cycles, timeout scopes. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <string.h>

#include "sink.h"

static int sleeps_long(void *arg)
{
    int rc = leash_sleep(100);
    if (arg)
        *(int *)arg = rc;
    return rc;
}

static int cancels_a_sleeper(void *arg)
{
    int *seen = arg;
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, &seen[0]));
    leash_sleep(1);
    seen[1] = leash_cancel(task, "too slow");
    seen[2] = leash_cancelling(task);
    seen[3] = leash_await(task, NULL);
    seen[4] = leash_cancelled(task);
    seen[5] = strcmp(leash_cancel_message(task), "too slow");
    seen[6] = leash_cancel(task, NULL);
    leash_sleep(0);
    seen[7] = leash_cancel(task, NULL); /* stale by now */
    return 0;
}

static void test_a_sleeper_is_cancelled(void **state)
{
    int seen[8] = {0};
    (void)state;
    assert_int_equal(run_virtual(cancels_a_sleeper, seen), 0);
    assert_int_equal(seen[0], -ECANCELED);
    assert_int_equal(seen[1], 1);
    assert_int_equal(seen[2], 1);
    assert_int_equal(seen[3], -ECANCELED);
    assert_int_equal(seen[4], 1);
    assert_int_equal(seen[5], 0);
    assert_int_equal(seen[6], 0);
    assert_int_equal(seen[7], 0);
}

static int swallows(void *arg)
{
    (void)arg;
    leash_sleep(100);
    leash_uncancel(leash_current_task());
    return 7;
}

static int cancels_a_swallower(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(swallows, NULL));
    (void)arg;
    leash_sleep(1);
    leash_cancel(task, NULL);
    return leash_await(task, NULL);
}

static void test_a_cancellation_can_be_swallowed(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(cancels_a_swallower, NULL), 7);
}

static int cancels_itself(void *arg)
{
    (void)arg;
    leash_cancel(leash_current_task(), NULL);
    return 0;
}

static int awaits_a_suicide(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(cancels_itself, NULL));
    int rc = leash_await(task, NULL);
    *(int *)arg = leash_cancelled(task);
    return rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_cancelled_right_before_it_ended(void **state)
{
    int cancelled = 0;
    (void)state;
    assert_int_equal(run_virtual(awaits_a_suicide, &cancelled), 0);
    assert_int_equal(cancelled, 1);
}

#if defined(__SANITIZE_THREAD__) /* it has room for 8,000 fibers */
enum { CHAIN = 4000 };
#else
enum { CHAIN = 20000 };
#endif
static leash_task_t chain[CHAIN];

static int waits_for_next(void *arg)
{
    size_t i = (size_t)(uintptr_t)arg;
    return i + 1 < CHAIN ? leash_await(chain[i + 1], NULL) : leash_sleep(100);
}

static int cancels_a_chain(void *arg)
{
    int *cancelled = arg;
    for (size_t i = 0; i < CHAIN; i++)
        chain[i] = leash_create_task(leash_coro(waits_for_next, (void *)(uintptr_t)i));
    for (size_t i = 0; i < CHAIN; i++)
        leash_ref(chain[i]);
    leash_sleep(1);
    leash_cancel(chain[0], NULL);
    leash_await(chain[0], NULL);
    for (size_t i = 0; i < CHAIN; i++)
        *cancelled += leash_cancelled(chain[i]);
    return 0;
}

static void test_a_long_chain_is_cancelled_without_recursion(void **state)
{
    int cancelled = 0;
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.stack_size = 32 << 10;
    assert_int_equal(run_options(cancels_a_chain, &cancelled, &options), 0);
    assert_int_equal(cancelled, CHAIN);
}

static leash_task_t ring[2];

static int waits_for_the_other(void *arg)
{
    return leash_await(ring[(uintptr_t)arg], NULL);
}

static int cancels_a_ring(void *arg)
{
    int *rc = arg;
    ring[0] = leash_create_task(leash_coro(waits_for_the_other, (void *)1));
    ring[1] = leash_create_task(leash_coro(waits_for_the_other, (void *)0));
    leash_sleep(1);
    *rc = leash_cancel(ring[0], NULL);
    return 0;
}

static void test_cancelling_along_a_cycle_ends(void **state)
{
    int rc = 0;
    (void)state;
    assert_int_equal(run_virtual(cancels_a_ring, &rc), 0);
    assert_int_equal(rc, 1);
}

static int gathers_in_gathers(void *arg)
{
    int *rc = arg;
    leash_task_t a = leash_create_task(leash_coro(sleeps_long, &rc[0]));
    leash_future_t inner = leash_gather(a, leash_coro(sleeps_long, &rc[1]));
    leash_future_t outer = leash_gather_all(inner, leash_coro(sleeps_long, &rc[2]), a);
    leash_sleep(1);
    rc[3] = leash_cancel(outer, NULL);
    rc[4] = leash_await(outer, NULL);
    rc[5] = leash_cancelled(outer);
    return 0;
}

static void test_a_gather_cancels_its_children(void **state)
{
    int rc[6] = {0};
    (void)state;
    assert_int_equal(run_virtual(gathers_in_gathers, rc), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(rc[i], -ECANCELED);
    assert_int_equal(rc[3], 1);
    assert_int_equal(rc[4], -ECANCELED);
    assert_int_equal(rc[5], 0); /* asyncio: a gather fails with the cancellation, it does not end cancelled */
}

static int timeouts(void *arg)
{
    int *rc = arg;
    leash_timeout_t scope = leash_timeout_begin(1);
    rc[0] = leash_timeout_end(scope, leash_sleep(5));
    rc[1] = leash_timeout_end(scope, 0); /* closed already */
    scope = leash_timeout_begin(5);
    rc[2] = leash_timeout_end(scope, leash_sleep(1));
    leash_timeout_t outer = leash_timeout_begin(1), inner = leash_timeout_begin(10);
    int slept = leash_sleep(20);
    rc[3] = leash_timeout_end(inner, slept);
    rc[4] = leash_timeout_end(outer, rc[3]);
    scope = leash_timeout_begin(1);
    rc[5] = leash_timeout_reschedule(scope, 3);
    rc[6] = leash_timeout_end(scope, leash_sleep(2));
    scope = leash_timeout_begin(0);
    rc[7] = leash_sleep(0);
    rc[8] = leash_timeout_expired(scope);
    rc[9] = leash_timeout_reschedule(scope, 1);
    rc[10] = leash_timeout_end(scope, rc[7]);
    rc[11] = leash_cancelling(leash_current_task());
    scope = leash_timeout_begin(1); /* left open: closed with the body */
    return 0;
}

static void test_timeout_scopes(void **state)
{
    int rc[12];
    (void)state;
    memset(rc, 1, sizeof rc);
    assert_int_equal(run_virtual(timeouts, rc), 0);
    const int expected[12] = {-ETIMEDOUT, -ESTALE,    0, -ECANCELED, -ETIMEDOUT, 0,
                              0,          -ECANCELED, 1, -EINVAL,    -ETIMEDOUT, 0};
    for (int i = 0; i < 12; i++)
        assert_int_equal(rc[i], expected[i]);
}

static int cancels_under_timeout(void *arg)
{
    int *rc = arg;
    leash_timeout_t scope = leash_timeout_begin(100);
    *rc = leash_timeout_end(scope, leash_sleep(50));
    return *rc;
}

static int cancels_the_timed(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(cancels_under_timeout, arg));
    leash_sleep(1);
    leash_cancel(task, NULL);
    leash_await(task, NULL);
    return leash_cancelled(task) ? 0 : -EPROTO;
}

static void test_a_foreign_cancellation_passes_through_a_scope(void **state)
{
    int rc = 0;
    (void)state;
    assert_int_equal(run_virtual(cancels_the_timed, &rc), 0);
    assert_int_equal(rc, -ECANCELED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_sleeper_is_cancelled),
        cmocka_unit_test(test_a_cancellation_can_be_swallowed),
        cmocka_unit_test(test_cancelled_right_before_it_ended),
        cmocka_unit_test(test_a_long_chain_is_cancelled_without_recursion),
        cmocka_unit_test(test_cancelling_along_a_cycle_ends),
        cmocka_unit_test(test_a_gather_cancels_its_children),
        cmocka_unit_test(test_timeout_scopes),
        cmocka_unit_test(test_a_foreign_cancellation_passes_through_a_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
