/* shield, as CPython's test_tasks.py pins it. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

static int value;

static void settle(void)
{
    for (int i = 0; i < 4; i++)
        leash_sleep(0);
}

/* ---- the outcome of what it shields ---- */

static int follows(void *arg)
{
    leash_future_t inner = leash_future(), outer = leash_shield(inner);
    struct leash_failure failure = {0};
    void *result = NULL;
    (void)arg;
    leash_future_set_result(inner, &value);
    EXPECT(leash_done(outer) == 0); /* it hears of it in the next iteration */
    EXPECT(leash_await(outer, &result) == 0 && result == &value);
    inner = leash_future();
    outer = leash_shield(inner);
    leash_future_set_failure(inner, -EIO, "expected");
    settle();
    EXPECT(leash_failure(outer, &failure) == 0 && failure.code == -EIO && !strcmp(failure.message, "expected"));
    EXPECT(leash_result(outer, NULL) == -EIO);
    inner = leash_future();
    outer = leash_shield(inner);
    leash_cancel(inner, "enough");
    settle();
    EXPECT(leash_cancelled(outer) == 1 && strcmp(leash_cancel_message(outer), "enough") == 0);
    EXPECT(leash_result(outer, NULL) == -ECANCELED);
    return 0;
}

static void test_it_ends_as_the_inner_one_does(void **state)
{
    (void)state;
    assert_holds(follows);
}

static int is_not_needed(void *arg)
{
    leash_future_t inner = leash_future();
    void *result = NULL;
    (void)arg;
    leash_future_set_result(inner, &value);
    EXPECT(leash_shield(inner) == inner);
    EXPECT(leash_await(leash_shield(inner), &result) == 0 && result == &value);
    return 0;
}

static void test_of_a_finished_one(void **state)
{
    (void)state;
    assert_holds(is_not_needed);
}

static int returns(void *arg)
{
    return leash_return(arg);
}

static int shields_a_coroutine(void *arg)
{
    void *result = NULL;
    (void)arg;
    leash_future_t outer = leash_shield(leash_coro(returns, &value));
    EXPECT(leash_await(outer, &result) == 0 && result == &value);
    return 0;
}

static void test_of_a_coroutine(void **state)
{
    (void)state;
    assert_holds(shields_a_coroutine);
    leash_coro_t coro = leash_coro(returns, &value);
    assert_null(leash_shield(coro));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_close(coro), 0);
}

/* ---- cancellation ---- */

static int cancels_the_shield(void *arg)
{
    leash_future_t inner = leash_future(), outer = leash_shield(inner);
    (void)arg;
    settle();
    EXPECT(leash_cancel(outer, NULL) == 1);
    settle();
    EXPECT(leash_cancelled(outer) == 1 && leash_done(inner) == 0);
    EXPECT(leash_future_set_result(inner, &value) == 0);
    settle();
    EXPECT(leash_result(inner, NULL) == 0 && leash_result(outer, NULL) == -ECANCELED);
    return 0;
}

static void test_its_cancellation_stops_there(void **state)
{
    (void)state;
    assert_holds(cancels_the_shield);
}

static int goes_on(void *arg)
{
    int rc = leash_await((leash_future_t)arg, NULL);
    note(rc == 0 ? "inner went on" : "inner cancelled");
    return rc;
}

static int shields_its_body(void *arg)
{
    int rc = leash_await(leash_shield(leash_coro(goes_on, arg)), NULL);
    note(rc == 0 ? "outer went on" : "outer cancelled");
    return rc;
}

static int cancels_who_shields(void *arg)
{
    leash_future_t waiter = leash_future();
    leash_task_t task = leash_create_task(leash_coro(shields_its_body, waiter));
    (void)arg;
    settle();
    EXPECT(leash_cancel(task, NULL) == 1);
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
    leash_future_set_result(waiter, NULL);
    settle();
    return 0;
}

static void test_what_is_shielded_goes_on(void **state)
{
    (void)state;
    assert_trail(cancels_who_shields, "outer cancelled, inner went on");
}

/* ---- and gather ---- */

static int shields_a_gather(void *arg)
{
    leash_future_t first = leash_future(), second = leash_future(), parent = leash_gather(first, second);
    leash_future_t outer = leash_shield(parent);
    struct leash_outcome *outcomes = NULL;
    (void)arg;
    settle();
    leash_cancel(outer, NULL);
    settle();
    EXPECT(leash_cancelled(outer) == 1 && leash_done(parent) == 0);
    leash_future_set_result(first, &value);
    leash_future_set_result(second, &noted);
    settle();
    EXPECT(leash_result(parent, (void **)&outcomes) == 0);
    EXPECT(outcomes[0].result == &value && outcomes[1].result == &noted);
    EXPECT(leash_result(outer, NULL) == -ECANCELED);
    return 0;
}

static void test_of_a_gather(void **state)
{
    (void)state;
    assert_holds(shields_a_gather);
}

static int gathers_shields(void *arg)
{
    leash_future_t children[] = {leash_future(), leash_future()};
    leash_future_t shields[] = {leash_shield(children[0]), leash_shield(children[1])};
    leash_future_t parent = leash_gather(shields[0], shields[1]);
    struct leash_failure failure = {0};
    (void)arg;
    settle();
    leash_ref(shields[0]);
    leash_ref(shields[1]);
    EXPECT(leash_cancel(parent, NULL) == 1);
    settle();
    EXPECT(leash_failure(parent, &failure) == 0 && failure.code == -ECANCELED);
    for (int i = 0; i < 2; i++) {
        EXPECT(leash_cancelled(shields[i]) == 1 && leash_done(children[i]) == 0);
        EXPECT(leash_future_set_result(children[i], &value) == 0);
        leash_unref(shields[i]);
    }
    settle();
    EXPECT(leash_result(parent, NULL) == -ECANCELED);
    return leash_result(children[0], NULL) || leash_result(children[1], NULL);
}

static void test_gathered_shields(void **state)
{
    (void)state;
    assert_holds(gathers_shields);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_ends_as_the_inner_one_does),
        cmocka_unit_test(test_of_a_finished_one),
        cmocka_unit_test(test_of_a_coroutine),
        cmocka_unit_test(test_its_cancellation_stops_there),
        cmocka_unit_test(test_what_is_shielded_goes_on),
        cmocka_unit_test(test_of_a_gather),
        cmocka_unit_test(test_gathered_shields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
