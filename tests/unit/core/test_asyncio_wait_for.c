/* wait_for, as CPython's test_waitfor.py pins it. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

/* ---- bodies ---- */

static int exited;

/* Sleeps until 0.2 s are over, whoever cancels it. */
static int cannot_be_hurried(void *arg)
{
    double until = leash_time() + 0.2;
    (void)arg;
    while (leash_time() < until)
        leash_sleep(until - leash_time());
    exited++;
    return 0;
}

static int sleeps_long(void *arg)
{
    int rc = leash_sleep(10);
    if (arg)
        ++*(int *)arg;
    return rc;
}

struct limited {
    void *handle;
    double limit;
};

static int waits_for_it(void *arg)
{
    const struct limited *limited = arg;
    return leash_wait_for(limited->handle, limited->limit, NULL);
}

static leash_task_t start(void *handle, double limit)
{
    struct limited limited = {handle, limit};
    return leash_create_task(leash_coro_copy(waits_for_it, &limited, sizeof limited));
}

/* ---- waits for the end of what it cancels ---- */

static int is_cancelled(void *arg)
{
    leash_task_t waiting = start(leash_coro(cannot_be_hurried, NULL), 0.4);
    (void)arg;
    exited = 0;
    leash_sleep(0);
    leash_sleep(0);
    leash_cancel(waiting, NULL);
    EXPECT(leash_wait(ITEMS(waiting), 1, LEASH_ALL_COMPLETED, -1, NULL) == 1);
    EXPECT(exited == 1 && leash_time() == 0.2);
    leash_result(waiting, NULL);
    return 0;
}

static int runs_out(void *arg)
{
    (void)arg;
    exited = 0;
    int rc = leash_wait_for(leash_coro(cannot_be_hurried, NULL), 0.1, NULL);
    EXPECT(rc == 0 && exited == 1 && leash_time() == 0.2); /* it has an outcome after all, which is no failure */
    return 0;
}

static void test_it_waits_for_the_end(void **state)
{
    (void)state;
    assert_holds(is_cancelled);
    assert_holds(runs_out);
}

static int cleans_up(void *arg)
{
    int rc = leash_sleep(10);
    EXPECT(rc == -ECANCELED && leash_sleep(0.5) == 0);
    ++*(int *)arg;
    return rc;
}

static int waits_for_a_clean_up(void *arg)
{
    int done = 0;
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(cleans_up, &done));
    EXPECT(leash_wait_for(task, 0.25, NULL) == -ETIMEDOUT && done == 1 && leash_time() == 0.75);
    task = leash_create_task(leash_coro(cleans_up, &done));
    leash_sleep(0);
    EXPECT(leash_wait_for(task, 0, NULL) == -ETIMEDOUT && done == 2 && leash_time() == 1.25);
    return 0;
}

static void test_it_waits_for_a_clean_up(void **state)
{
    (void)state;
    assert_holds(waits_for_a_clean_up);
}

/* ---- no time ---- */

static void begins(void *arg)
{
    ++*(int *)arg;
}

static int never_begins(void *arg)
{
    begins(arg);
    return 0;
}

static int has_no_time(void *arg)
{
    leash_future_t future = leash_future();
    void *result = NULL;
    int began = 0, ended = 0;
    (void)arg;
    leash_future_set_result(future, &noted);
    leash_call_soon(begins, &began);
    EXPECT(leash_wait_for(future, 0, &result) == 0 && result == &noted && leash_done(future) == 1);
    EXPECT(began == 0 && leash_sleep(0) == 0 && began == 1); /* not through the loop */
    began = 0;
    EXPECT(leash_wait_for(leash_coro(never_begins, &began), 0, NULL) == -ETIMEDOUT && began == 0);
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, &ended));
    leash_sleep(0);
    EXPECT(leash_wait_for(task, 0, NULL) == -ETIMEDOUT && ended == 1);
    EXPECT(leash_done(task) == 1 && leash_cancelled(task) == 1 && leash_time() == 0);
    return 0;
}

static void test_no_time_at_all(void **state)
{
    (void)state;
    assert_holds(has_no_time);
}

/* ---- outcomes ---- */

static int gives(void *arg)
{
    return leash_return(arg);
}

static void is_set(void *future)
{
    leash_future_set_result(future, &noted);
}

static int swallows(void *arg)
{
    (void)arg;
    EXPECT(leash_sleep(1) == -ECANCELED);
    return 1;
}

static int fails(void *arg)
{
    (void)arg;
    leash_sleep(0.2);
    return leash_fail(-EDOM, "foo");
}

static int has_outcomes(void *arg)
{
    void *result = NULL;
    int ended = 0;
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, &ended));
    EXPECT(leash_wait_for(task, 0.1, NULL) == -ETIMEDOUT && leash_time() == 0.1);
    EXPECT(ended == 1 && leash_cancelled(task) == 1);
    EXPECT(leash_wait_for(leash_coro(gives, &ended), -1, &result) == 0 && result == &ended);
    leash_future_t future = leash_future();
    leash_call_later(0.1, is_set, future);
    EXPECT(leash_wait_for(future, 0.2, &result) == 0 && result == &noted && leash_time() == 0.2);
    EXPECT(leash_wait_for(leash_coro(swallows, NULL), 0.1, NULL) == 1); /* a result is better than none */
    EXPECT(leash_wait_for(leash_create_task(leash_coro(fails, NULL)), 0.1, NULL) == -EDOM);
    return 0;
}

static void test_outcomes(void **state)
{
    (void)state;
    assert_holds(has_outcomes);
}

/* ---- cancelled ---- */

static int holds_it_up(void *arg)
{
    (void)arg;
    EXPECT(leash_sleep(0.3) == -ECANCELED); /* the limit's */
    EXPECT(leash_sleep(0.3) == 0);          /* that of who waits for it to end is its own */
    return 42;
}

static int is_cancelled_after_the_limit(void *arg)
{
    leash_task_t inner = leash_create_task(leash_coro(holds_it_up, NULL)), waiting = start(inner, 0.1);
    (void)arg;
    leash_ref(inner);
    leash_sleep(0.2);
    EXPECT(leash_done(waiting) == 0);
    leash_cancel(waiting, NULL);
    EXPECT(leash_await(waiting, NULL) == -ECANCELED && leash_cancelled(waiting) == 1);
    EXPECT(leash_time() == 0.2 && leash_await(inner, NULL) == 42);
    return leash_unref(inner);
}

static void test_it_can_be_cancelled_while_it_waits_for_the_end(void **state)
{
    (void)state;
    assert_holds(is_cancelled_after_the_limit);
}

static int blocks(void *arg)
{
    (void)arg;
    return leash_await(leash_future(), NULL);
}

static void cancels(void *task)
{
    leash_cancel(task, NULL);
}

static int passes_it_on(void *arg)
{
    static const double limits[] = {-1, 60};
    (void)arg;
    for (int i = 0; i < 2; i++) {
        leash_task_t task = leash_create_task(leash_coro(blocks, NULL)), waiting = start(task, limits[i]);
        leash_ref(task);
        leash_call_soon(cancels, waiting);
        EXPECT(leash_await(waiting, NULL) == -ECANCELED && leash_cancelled(waiting) == 1);
        EXPECT(leash_cancelled(task) == 1 && leash_time() == 0);
        leash_unref(task);
    }
    return 0;
}

static void test_what_it_waits_for_is_cancelled_with_it(void **state)
{
    (void)state;
    assert_holds(passes_it_on);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_waits_for_the_end),
        cmocka_unit_test(test_it_waits_for_a_clean_up),
        cmocka_unit_test(test_no_time_at_all),
        cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_it_can_be_cancelled_while_it_waits_for_the_end),
        cmocka_unit_test(test_what_it_waits_for_is_cancelled_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
