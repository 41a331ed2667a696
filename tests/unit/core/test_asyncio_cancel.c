/* Cancellation of tasks, as CPython's test_tasks.py pins it: messages, counts, what is waited for, what swallows it. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

/* ---- bodies ---- */

static int returns(void *arg)
{
    return leash_return(arg);
}

static int sleeps_long(void *arg)
{
    (void)arg;
    return leash_sleep(10);
}

static int awaits(void *arg)
{
    return leash_await((leash_future_t)arg, NULL);
}

static bool says(leash_task_t task, const char *message)
{
    const char *said = leash_cancel_message(task);
    return said && strcmp(said, message) == 0;
}

/* ---- messages ---- */

static int is_told_why(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(returns, NULL));
    (void)arg;
    EXPECT(says(task, ""));
    EXPECT(leash_cancel(task, "my message") == 1 && says(task, "my message"));
    EXPECT(leash_cancel(task, "my new message") == 1 && says(task, "my new message"));
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
    EXPECT(says(task, "my new message"));
    return 0;
}

static void test_a_message(void **state)
{
    (void)state;
    assert_holds(is_told_why);
}

struct errand {
    const char *message;
    bool begins; /* before it is cancelled */
};

/* What it cancels itself comes back as its own cancellation, with the message. */
static int asks_for_the_result(void *arg)
{
    const struct errand *errand = arg;
    struct leash_failure failure = {0};
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, NULL));
    if (errand->begins)
        leash_sleep(0);
    leash_cancel(task, errand->message);
    EXPECT(leash_wait(ITEMS(task), 1, LEASH_ALL_COMPLETED, -1, NULL) == 1);
    EXPECT(leash_failure(task, &failure) == 0 && failure.code == -ECANCELED);
    EXPECT(strcmp(failure.message, errand->message ? errand->message : "") == 0);
    return leash_result(task, NULL);
}

static int awaits_the_result(void *arg)
{
    const struct errand *errand = arg;
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, NULL));
    if (errand->begins)
        leash_sleep(0);
    leash_cancel(task, errand->message);
    return leash_await(task, NULL);
}

static int runs_errands(void *arg)
{
    static const leash_fn_t bodies[] = {asks_for_the_result, awaits_the_result};
    static const char *const messages[] = {NULL, "", "my message"};
    (void)arg;
    for (int i = 0; i < 12; i++) {
        struct errand errand = {messages[i % 3], i / 3 % 2};
        leash_task_t task = leash_create_task(leash_coro(bodies[i / 6], &errand));
        EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
        EXPECT(says(task, errand.message ? errand.message : ""));
    }
    return 0;
}

static void test_who_looks_at_a_cancelled_task_is_cancelled_too(void **state)
{
    (void)state;
    assert_holds(runs_errands);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "disk %d", 7);
}

static int hands_on(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(fails, arg));
    leash_wait(ITEMS(task), 1, LEASH_ALL_COMPLETED, -1, NULL);
    return leash_result(task, NULL);
}

/* A failure that leash_result gave is handed on like one that an await gave. */
static int sees_the_origin(void *arg)
{
    struct leash_failure failure = {0};
    leash_task_t task = leash_create_task(leash_coro(hands_on, arg));
    EXPECT(leash_await(task, NULL) == -EIO && leash_failure(task, &failure) == 0);
    EXPECT(strcmp(failure.message, "disk 7") == 0 && failure.func && strcmp(failure.func, "fails") == 0);
    return 0;
}

static void test_a_result_that_is_handed_on(void **state)
{
    (void)state;
    assert_holds(sees_the_origin);
}

static void cancels(void *task)
{
    leash_cancel(task, "msg");
}

static int makes_a_failure_of_it(void *arg)
{
    leash_task_t inner = leash_create_task(leash_coro(sleeps_long, NULL));
    (void)arg;
    leash_sleep(0);
    leash_call_soon(cancels, inner);
    EXPECT(leash_await(inner, NULL) == -ECANCELED && says(inner, "msg"));
    return leash_fail(-EPIPE, "cancelled");
}

static int awaits_a_failure(void *arg)
{
    struct leash_failure failure = {0};
    leash_task_t task = leash_create_task(leash_coro(makes_a_failure_of_it, NULL));
    (void)arg;
    EXPECT(leash_await(task, NULL) == -EPIPE && leash_cancelled(task) == 0);
    EXPECT(leash_failure(task, &failure) == 0 && strcmp(failure.message, "cancelled") == 0);
    return 0;
}

static void test_a_failure_in_place_of_a_cancellation(void **state)
{
    (void)state;
    assert_holds(awaits_a_failure);
}

/* ---- requests are counted ---- */

static int counts(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(sleeps_long, NULL));
    (void)arg;
    EXPECT(leash_cancelling(task) == 0);
    EXPECT(leash_cancel(task, NULL) == 1 && leash_cancelling(task) == 1);
    EXPECT(leash_cancel(task, NULL) == 1 && leash_cancelling(task) == 2);
    EXPECT(leash_await(task, NULL) == -ECANCELED);
    return 0;
}

static void test_requests_are_counted(void **state)
{
    (void)state;
    assert_holds(counts);
}

static int goes_on_once(void *arg)
{
    (void)arg;
    EXPECT(leash_sleep(10) == -ECANCELED);
    EXPECT(leash_uncancel(leash_current_task()) == 0);
    return leash_sleep(10);
}

static int uncancels(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(goes_on_once, NULL));
    (void)arg;
    leash_sleep(0.01);
    EXPECT(leash_cancel(task, NULL) == 1 && leash_cancelling(task) == 1 && leash_cancelled(task) == 0);
    leash_sleep(0.01);
    EXPECT(leash_cancelling(task) == 0 && leash_done(task) == 0);
    EXPECT(leash_cancel(task, NULL) == 1 && leash_cancelling(task) == 1 && leash_done(task) == 0);
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
    EXPECT(leash_uncancel(task) == 0); /* changes nothing any more */
    EXPECT(leash_cancelled(task) == 1 && leash_done(task) == 1);
    EXPECT(leash_uncancel(leash_current_task()) == 0 && leash_time() == 0.02);
    return 0;
}

static void test_uncancel(void **state)
{
    (void)state;
    assert_holds(uncancels);
}

/* A limit made of a callback, cancel and uncancel: what leash_timeout_begin and leash_timeout_end do. */
struct limited {
    double sleeps, limit;
    leash_task_t task;
    bool timed_out, finished, went_on;
};

static void on_time(void *arg)
{
    struct limited *limited = arg;
    limited->timed_out = true;
    leash_cancel(limited->task, NULL);
}

static int works_under_a_limit(void *arg)
{
    struct limited *limited = arg;
    limited->task = leash_current_task();
    leash_callback_t alarm = leash_call_later(limited->limit, on_time, limited);
    int rc = leash_sleep(limited->sleeps);
    limited->finished = rc == 0;
    EXPECT(leash_callback_cancel(alarm) == !limited->timed_out);
    if (limited->timed_out && leash_uncancel(limited->task) == 0 && rc == -ECANCELED)
        rc = -ETIMEDOUT;
    EXPECT(rc == (limited->timed_out ? -ETIMEDOUT : 0));
    limited->went_on = leash_sleep(0) == 0; /* outside it is not cancelled */
    return leash_cancelling(limited->task);
}

static int works_twice(void *arg)
{
    struct limited late = {.sleeps = 10, .limit = 0.1}, early = {.limit = 10};
    (void)arg;
    EXPECT(leash_await(leash_create_task(leash_coro(works_under_a_limit, &late)), NULL) == 0);
    EXPECT(late.timed_out && !late.finished && late.went_on);
    EXPECT(leash_await(leash_create_task(leash_coro(works_under_a_limit, &early)), NULL) == 0);
    EXPECT(!early.timed_out && early.finished && early.went_on);
    EXPECT(leash_time() == 0.1);
    return 0;
}

static void test_a_structured_block(void **state)
{
    (void)state;
    assert_holds(works_twice);
}

/* ---- what it waits for ---- */

static int yields_twice(void *arg)
{
    (void)arg;
    leash_sleep(0);
    EXPECT(leash_sleep(0) == -ECANCELED);
    return -ECANCELED;
}

static int cancels_who_yields(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(yields_twice, NULL));
    (void)arg;
    leash_sleep(0);
    leash_sleep(0); /* it is between its two */
    EXPECT(leash_cancel(task, NULL) == 1);
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1 && leash_cancel(task, NULL) == 0);
    return 0;
}

static void test_cancelled_between_two_iterations(void **state)
{
    (void)state;
    assert_holds(cancels_who_yields);
}

enum { THE_FUTURE, BOTH, THE_TASK };

static int cancels_around_a_future(void *arg)
{
    for (int who = THE_FUTURE; who <= THE_TASK; who++) {
        leash_future_t future = leash_future();
        leash_task_t task = leash_create_task(leash_coro(awaits, future));
        leash_ref(future);
        leash_sleep(0);
        EXPECT(who == THE_TASK || leash_cancel(future, NULL) == 1);
        EXPECT(who == THE_FUTURE || leash_cancel(task, NULL) == 1);
        EXPECT(leash_cancelled(future) == 1); /* at once; the task at its next step */
        EXPECT(leash_done(task) == 0);
        EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
        EXPECT(leash_cancelled(future) == 1);
        leash_unref(future);
    }
    (void)arg;
    return 0;
}

static void test_a_task_and_the_future_that_it_awaits(void **state)
{
    (void)state;
    assert_holds(cancels_around_a_future);
}

static leash_future_t futures[3];

static int catches(void *arg)
{
    (void)arg;
    EXPECT(leash_await(futures[0], NULL) == 0);
    return leash_await(futures[1], NULL) == -ECANCELED ? 42 : -EPROTO;
}

static int ignores(void *arg)
{
    int rc = catches(arg);
    return rc < 0 ? rc : leash_await(futures[2], NULL);
}

/* Of the futures that a task awaits one after the other, the one that it awaits now is cancelled. */
static int cancels_in_the_middle(void *arg)
{
    for (int going_on = 0; going_on < 2; going_on++) {
        for (int i = 0; i < 3; i++) {
            futures[i] = leash_future();
            leash_ref(futures[i]);
        }
        leash_task_t task = leash_create_task(leash_coro(going_on ? ignores : catches, NULL));
        leash_sleep(0);
        leash_future_set_result(futures[0], NULL);
        leash_sleep(0);
        leash_cancel(task, NULL);
        EXPECT(leash_cancelled(futures[0]) == 0 && leash_cancelled(futures[1]) == 1);
        leash_sleep(0);
        EXPECT(leash_done(task) == !going_on);
        leash_future_set_result(futures[2], NULL);
        EXPECT(leash_await(task, NULL) == (going_on ? 0 : 42) && leash_cancelled(task) == 0);
        EXPECT(leash_cancelled(futures[2]) == 0);
        for (int i = 0; i < 3; i++) {
            leash_unref(futures[i]);
            leash_detach(futures[i]);
        }
    }
    (void)arg;
    return 0;
}

static void test_a_task_that_catches_it(void **state)
{
    (void)state;
    assert_holds(cancels_in_the_middle);
}

/* ---- itself ---- */

static int cancels_itself_and_sleeps(void *arg)
{
    (void)arg;
    EXPECT(leash_cancel(leash_current_task(), NULL) == 1);
    return leash_sleep(100);
}

static leash_task_t nested;
static leash_future_t innermost;

static int cancels_itself_and_awaits(void *arg)
{
    (void)arg;
    nested = leash_create_task(leash_coro(awaits, innermost));
    leash_ref(nested);
    leash_sleep(0);
    EXPECT(leash_cancel(leash_current_task(), NULL) == 1);
    EXPECT(leash_cancelled(innermost) == 0); /* it waits for nothing now; what it waits for next is cancelled */
    return leash_await(nested, NULL);
}

static int awaits_those(void *arg)
{
    leash_task_t sleeping = leash_create_task(leash_coro(cancels_itself_and_sleeps, NULL));
    innermost = leash_future();
    leash_ref(innermost);
    leash_task_t awaiting = leash_create_task(leash_coro(cancels_itself_and_awaits, NULL));
    (void)arg;
    EXPECT(leash_await(sleeping, NULL) == -ECANCELED && leash_cancelled(sleeping) == 1 && leash_time() == 0);
    EXPECT(leash_await(awaiting, NULL) == -ECANCELED && leash_cancelled(awaiting) == 1);
    EXPECT(leash_await(nested, NULL) == -ECANCELED && leash_cancelled(nested) == 1);
    EXPECT(leash_cancelled(innermost) == 1);
    return leash_unref(nested) | leash_unref(innermost);
}

static void test_a_task_that_cancels_itself_is_cancelled_where_it_waits_next(void **state)
{
    (void)state;
    assert_holds(awaits_those);
}

/* ---- through bodies and waits ---- */

static int fails_when_cancelled(void *arg)
{
    (void)arg;
    EXPECT(leash_await(leash_coro(sleeps_long, NULL), NULL) == -ECANCELED);
    return -EIO;
}

static int cancels_who_fails(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(fails_when_cancelled, NULL));
    (void)arg;
    leash_sleep(0);
    leash_cancel(task, NULL);
    EXPECT(leash_done(task) == 0);
    EXPECT(leash_await(task, NULL) == -EIO && leash_cancelled(task) == 0);
    return 0;
}

static void test_a_task_that_fails_when_it_is_cancelled(void **state)
{
    (void)state;
    assert_holds(cancels_who_fails);
}

static int innermost_body(void *arg)
{
    int rc = leash_await((leash_future_t)arg, NULL);
    note(rc == -ECANCELED ? "inner cancelled" : "inner went on");
    return rc;
}

static int outermost_body(void *arg)
{
    int rc = leash_await(leash_coro(innermost_body, arg), NULL);
    note(rc == -ECANCELED ? "outer caught it" : "outer went on");
    return 0;
}

static int cancels_bodies(void *arg)
{
    leash_future_t waiter = leash_future();
    leash_task_t task = leash_create_task(leash_coro(outermost_body, waiter));
    (void)arg;
    leash_ref(waiter);
    leash_sleep(0);
    leash_cancel(task, NULL);
    EXPECT(leash_await(task, NULL) == 0 && leash_cancelled(waiter) == 1);
    return leash_unref(waiter);
}

static void test_it_passes_through_the_bodies_of_a_task(void **state)
{
    (void)state;
    assert_trail(cancels_bodies, "inner cancelled, outer caught it");
}

static leash_task_t waited_for;

static int waits_for_it(void *arg)
{
    (void)arg;
    int rc = leash_wait(ITEMS(waited_for), 1, LEASH_ALL_COMPLETED, -1, NULL);
    EXPECT(rc == -ECANCELED);
    return rc;
}

static int cancels_who_waits(void *arg)
{
    leash_future_t waiter = leash_future();
    (void)arg;
    waited_for = leash_create_task(leash_coro(innermost_body, waiter));
    leash_task_t task = leash_create_task(leash_coro(waits_for_it, NULL));
    leash_sleep(0);
    leash_cancel(task, NULL);
    EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
    EXPECT(leash_done(waited_for) == 0);
    leash_future_set_result(waiter, NULL);
    return leash_await(waited_for, NULL);
}

static void test_wait_does_not_pass_it_on(void **state)
{
    (void)state;
    assert_trail(cancels_who_waits, "inner went on");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_message),
        cmocka_unit_test(test_who_looks_at_a_cancelled_task_is_cancelled_too),
        cmocka_unit_test(test_a_result_that_is_handed_on),
        cmocka_unit_test(test_a_failure_in_place_of_a_cancellation),
        cmocka_unit_test(test_requests_are_counted),
        cmocka_unit_test(test_uncancel),
        cmocka_unit_test(test_a_structured_block),
        cmocka_unit_test(test_cancelled_between_two_iterations),
        cmocka_unit_test(test_a_task_and_the_future_that_it_awaits),
        cmocka_unit_test(test_a_task_that_catches_it),
        cmocka_unit_test(test_a_task_that_cancels_itself_is_cancelled_where_it_waits_next),
        cmocka_unit_test(test_a_task_that_fails_when_it_is_cancelled),
        cmocka_unit_test(test_it_passes_through_the_bodies_of_a_task),
        cmocka_unit_test(test_wait_does_not_pass_it_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
