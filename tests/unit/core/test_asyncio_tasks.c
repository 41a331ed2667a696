/* Tasks, as CPython's test_tasks.py pins them: what is one, names, results, which one runs, sleep. */
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <trace_format.h>

/* ---- bodies ---- */

static int returns(void *arg)
{
    return leash_return(arg);
}

/* Its argument is its code. */
static int gives(void *arg)
{
    return *(int *)arg;
}

static int adds(void *arg)
{
    int a = leash_await(leash_coro(gives, &(int){42}), NULL);
    int b = leash_await(leash_coro(gives, &(int){1000}), NULL);
    (void)arg;
    return a + b;
}

static void test_a_body_goes_on_with_what_it_awaited(void **state)
{
    (void)state;
    assert_ends(adds, NULL, 1042);
}

/* ---- what becomes a task ---- */

static int gives_no_coroutine(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(returns, arg));
    leash_future_t future = leash_future();
    void *others[] = {NULL, task, future, text("123")};
    for (int i = 0; i < 8; i++) { /* twice each */
        errno = 0;
        EXPECT(leash_create_task((leash_coro_t)others[i % 4]) == NULL && errno == EINVAL);
    }
    leash_future_set_result(future, NULL);
    EXPECT(leash_await(task, NULL) == 0); /* neither was harmed */
    return leash_await(future, NULL);
}

static void test_only_a_coroutine_becomes_a_task(void **state)
{
    (void)state;
    assert_holds(gives_no_coroutine);
}

static int awaits_what_a_task_has(void *arg)
{
    leash_coro_t coro = leash_coro(returns, &noted);
    leash_task_t task = leash_create_task(coro);
    void *result = NULL;
    (void)arg;
    EXPECT(leash_await(coro, NULL) == -EINVAL); /* before its first step */
    leash_sleep(0);
    EXPECT(leash_await(coro, NULL) == -EINVAL && strstr(leash_last_error(), "given to a task"));
    EXPECT(leash_create_task(coro) == NULL && errno == EINVAL);
    EXPECT(leash_await(task, &result) == 0 && result == &noted);
    return 0;
}

static void test_a_coroutine_that_a_task_has_cannot_be_awaited(void **state)
{
    (void)state;
    sink_on(false);
    assert_holds(awaits_what_a_task_has);
    assert_int_equal(sink_count_of(LEASH_EV_MISUSE), 3);
    assert_int_equal(sink_find(LEASH_EV_MISUSE, 0)->b, LEASH_MISUSE_AWAITED_TWICE);
    sink_off();
}

/* ---- names ---- */

static unsigned long number_of(leash_task_t task)
{
    const char *name = leash_task_name(task);
    return name && strncmp(name, "Task-", 5) == 0 ? strtoul(name + 5, NULL, 10) : 0;
}

static int has_names(void *arg)
{
    char buffer[] = "No-op";
    leash_task_t first = leash_create_task(leash_coro(returns, NULL)),
                 second = leash_create_task(leash_coro(returns, NULL)),
                 named = leash_create_task_named(leash_coro(returns, NULL), buffer);
    (void)arg;
    memset(buffer, 'x', 5); /* it is copied */
    EXPECT(number_of(first) > 0 && number_of(second) > number_of(first));
    EXPECT(strcmp(leash_task_name(named), "No-op") == 0);
    EXPECT(leash_task_set_name(first, "{6}") == 0 && strcmp(leash_task_name(first), "{6}") == 0);
    leash_gather_wait(NULL, leash_shield(first), leash_shield(second), leash_shield(named));
    leash_await(named, NULL);
    EXPECT(strcmp(leash_task_name(named), "No-op") == 0); /* also at its end */
    return leash_gather_wait(NULL, first, second);
}

static void test_names(void **state)
{
    (void)state;
    assert_holds(has_names);
}

/* ---- results ---- */

static leash_future_t shared;

static int returns_the_future(void *arg)
{
    (void)arg;
    return leash_return(shared);
}

static int sets_the_future(void *arg)
{
    return leash_future_set_result(shared, arg);
}

static int returns_a_future(void *arg)
{
    void *result = NULL;
    (void)arg;
    shared = leash_future();
    leash_task_t returning = leash_create_task(leash_coro(returns_the_future, NULL));
    leash_task_t setting = leash_create_task(leash_coro(sets_the_future, &noted));
    EXPECT(leash_await(returning, &result) == 0 && result == shared); /* itself: it is not awaited */
    EXPECT(leash_await(setting, NULL) == 0);
    return leash_await(shared, NULL);
}

static void test_a_future_may_be_a_result(void **state)
{
    (void)state;
    assert_holds(returns_a_future);
}

static int is_set_from_outside(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(returns, &noted));
    leash_future_t as_future = (leash_future_t)(void *)task;
    void *result = NULL;
    (void)arg;
    EXPECT(leash_future_set_result(as_future, NULL) == -EINVAL);
    EXPECT(leash_future_set_failure(as_future, -EIO, "no") == -EINVAL);
    EXPECT(leash_done(task) == 0 && leash_await(task, &result) == 0 && result == &noted);
    return 0;
}

static void test_nobody_sets_the_result_of_a_task(void **state)
{
    (void)state;
    assert_holds(is_set_from_outside);
}

/* ---- which one runs ---- */

static leash_future_t ping, pong;

static int knows_itself(void *arg)
{
    leash_task_t *self = arg;
    EXPECT(leash_current_task() == *self);
    leash_await(ping, NULL);
    EXPECT(leash_current_task() == *self);
    return leash_future_set_result(pong, NULL);
}

static int knows_itself_too(void *arg)
{
    leash_task_t *self = arg;
    EXPECT(leash_current_task() == *self);
    leash_future_set_result(ping, NULL);
    leash_await(pong, NULL);
    EXPECT(leash_current_task() == *self);
    return 0;
}

static void belongs_to_no_task(void *arg)
{
    (void)arg;
    EXPECT(leash_current_task() == NULL);
    note("called");
}

static int interleaved(void *arg)
{
    leash_task_t first = NULL, second = NULL, self = leash_current_task();
    (void)arg;
    ping = leash_future();
    pong = leash_future();
    first = leash_create_task(leash_coro(knows_itself, &first));
    second = leash_create_task(leash_coro(knows_itself_too, &second));
    leash_call_soon(belongs_to_no_task, NULL);
    EXPECT(leash_gather_wait(NULL, first, second) == 0);
    EXPECT(leash_current_task() == self);
    return 0;
}

static void test_each_task_knows_itself(void **state)
{
    (void)state;
    assert_null(leash_current_task());
    assert_trail(interleaved, "called");
    assert_null(leash_current_task());
}

/* ---- what belongs to another loop ---- */

static leash_task_t foreign_task;
static leash_future_t foreign_future;

static int reaches_over(void *arg)
{
    leash_future_t own = leash_future();
    EXPECT(leash_await(foreign_future, NULL) == -EPERM && strstr(leash_last_error(), "another thread"));
    EXPECT(leash_await(foreign_task, NULL) == -EPERM && leash_wait_for(foreign_task, 1, NULL) == -EPERM);
    EXPECT(leash_wait(ITEMS(own, foreign_future), 2, LEASH_ALL_COMPLETED, 1, NULL) == -EPERM);
    EXPECT(leash_gather(own, foreign_future) == NULL && errno == EPERM);
    EXPECT(leash_shield(foreign_task) == NULL && errno == EPERM);
    EXPECT(leash_future_set_result(foreign_future, NULL) == -EPERM);
    leash_cancel(own, NULL);
    (void)arg;
    return 0;
}

static void *runs_a_loop(void *arg)
{
    *(int *)arg = run_virtual(reaches_over, NULL);
    return NULL;
}

static int two_loops(void *arg)
{
    pthread_t thread;
    int rc = -1;
    foreign_future = leash_future();
    foreign_task = leash_create_task(leash_coro(returns, arg));
    pthread_create(&thread, NULL, runs_a_loop, &rc);
    pthread_join(thread, NULL);
    EXPECT(rc == 0);
    leash_future_set_result(foreign_future, NULL);
    return leash_gather_wait(NULL, foreign_future, foreign_task);
}

static void test_another_loops_futures_cannot_be_awaited(void **state)
{
    (void)state;
    assert_holds(two_loops);
}

/* ---- sleep ---- */

static void counts(void *arg)
{
    ++*(int *)arg;
}

static int sleeps_for_nothing(void *arg)
{
    int count = 0;
    (void)arg;
    leash_call_soon(counts, &count);
    EXPECT(count == 0);
    EXPECT(leash_sleep(0) == 0 && count == 1);
    EXPECT(leash_sleep(0.05) == 0 && leash_time() == 0.05);
    EXPECT(leash_sleep(0.05) == 0 && leash_time() == 0.1);
    return 0;
}

static void test_sleep(void **state)
{
    (void)state;
    assert_holds(sleeps_for_nothing);
}

static int sleeps_long(void *arg)
{
    int rc = leash_sleep(5000);
    EXPECT(rc == -ECANCELED);
    note("woken");
    (void)arg;
    return rc;
}

static void cancels(void *task)
{
    EXPECT(leash_cancel(task, NULL) == 1);
}

static int cancels_a_sleeper(void *arg)
{
    leash_task_t sleeper = leash_create_task(leash_coro(sleeps_long, NULL));
    leash_call_later(0.1, cancels, sleeper);
    EXPECT(leash_await(sleeper, NULL) == -ECANCELED && leash_cancelled(sleeper) == 1);
    EXPECT(leash_time() == 0.1);
    (void)arg;
    return leash_await(leash_future(), NULL);
}

/* With its timer goes what time could be waited for: the standstill comes at once. */
static void test_a_cancelled_sleep_leaves_no_timer(void **state)
{
    (void)state;
    sink_on(false);
    assert_ends(cancels_a_sleeper, NULL, -EDEADLK);
    uint64_t began = sink_find(LEASH_EV_LOOP_BEGIN, 0)->c, ended = sink_find(LEASH_EV_LOOP_END, 0)->c;
    sink_off();
    assert_int_equal(ended - began, 100000000);
}

static int sleeps_a_second(void *arg)
{
    (void)arg;
    return leash_sleep(1);
}

/* The sleep is over and its task cancelled in one iteration, in either order. */
static int wakes_and_is_cancelled(void *arg)
{
    leash_task_t before = leash_create_task(leash_coro(sleeps_a_second, NULL));
    leash_sleep(0);
    leash_call_later(1, cancels, before);
    EXPECT(leash_await(before, NULL) == -ECANCELED && leash_time() == 1);
    leash_task_t after = leash_create_task(leash_coro(sleeps_a_second, NULL));
    leash_call_later(1, cancels, after);
    EXPECT(leash_await(after, NULL) == -ECANCELED && leash_time() == 2);
    (void)arg;
    return 0;
}

static void test_cancelled_when_the_sleep_is_over(void **state)
{
    (void)state;
    assert_holds(wakes_and_is_cancelled);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_body_goes_on_with_what_it_awaited),
        cmocka_unit_test(test_only_a_coroutine_becomes_a_task),
        cmocka_unit_test(test_a_coroutine_that_a_task_has_cannot_be_awaited),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_a_future_may_be_a_result),
        cmocka_unit_test(test_nobody_sets_the_result_of_a_task),
        cmocka_unit_test(test_each_task_knows_itself),
        cmocka_unit_test(test_another_loops_futures_cannot_be_awaited),
        cmocka_unit_test(test_sleep),
        cmocka_unit_test(test_a_cancelled_sleep_leaves_no_timer),
        cmocka_unit_test(test_cancelled_when_the_sleep_is_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
