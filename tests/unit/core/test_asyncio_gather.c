/* gather, as CPython's test_tasks.py pins it (GatherTestsBase and its heirs, test_cancel_gather_*): of futures, and of
 * coroutines that await them. */
#include "check.h"

#include <errno.h>
#include <judge.h>
#include <stdlib.h>

enum { MOST = 6 };

static int values[MOST];

static int awaits(void *arg)
{
    void *result = NULL;
    int rc = leash_await((leash_future_t)arg, &result);
    return rc < 0 ? rc : leash_return(result);
}

/* A gather of the first n, and how it is told that it is over. */
struct table {
    leash_future_t futures[MOST], all;
    int told;
};

static void is_over(void *future, void *arg)
{
    struct table *table = arg;
    EXPECT(future == table->all);
    table->told++;
}

static void lay(struct table *table, size_t n, unsigned flags, bool coroutines)
{
    leash_awaitable_t items[MOST];
    table->told = 0;
    for (size_t i = 0; i < n; i++) {
        table->futures[i] = leash_future();
        leash_ref(table->futures[i]);
        items[i] = coroutines ? (void *)leash_coro(awaits, table->futures[i]) : (void *)table->futures[i];
    }
    table->all = leash_gather_array(items, n, flags);
    leash_add_done_callback(table->all, is_over, table);
    leash_sleep(0); /* the coroutines' tasks await */
}

static void set(struct table *table, int i)
{
    EXPECT(leash_future_set_result(table->futures[i], &values[i]) == 0);
}

static void fail_with(struct table *table, int i, int code)
{
    EXPECT(leash_future_set_failure(table->futures[i], code, "%d", i) == 0);
}

/* Lets all that follows from what was set happen. */
static void settle(void)
{
    for (int i = 0; i < 6; i++)
        leash_sleep(0);
}

static void clear(struct table *table, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        leash_result(table->futures[i], NULL); /* also what came too late for the gather */
        leash_unref(table->futures[i]);
    }
}

/* ---- in the order of the call ---- */

static int succeeds(void *arg)
{
    for (unsigned how = 0; how < 4; how++) {
        struct table table;
        struct leash_outcome *outcomes = NULL;
        lay(&table, 3, how % 2 ? LEASH_RETURN_FAILURES : 0, how / 2);
        set(&table, 1);
        set(&table, 0);
        settle();
        EXPECT(table.told == 0 && leash_done(table.all) == 0);
        set(&table, 2);
        settle();
        EXPECT(table.told == 1 && leash_result(table.all, (void **)&outcomes) == 0);
        for (int i = 0; i < 3; i++)
            EXPECT(outcomes[i].rc == 0 && outcomes[i].result == &values[i]);
        clear(&table, 3);
    }
    (void)arg;
    return 0;
}

static void test_success(void **state)
{
    (void)state;
    assert_holds(succeeds);
}

static int is_made_of_nothing(void *arg)
{
    void *result = NULL;
    leash_future_t none = leash_gather_array(NULL, 0, 0);
    EXPECT(leash_done(none) == 1 && leash_result(none, &result) == 0);
    EXPECT(leash_gather_wait_array(NULL, 0, 0, NULL) == 0);
    (void)arg;
    return 0;
}

static void test_of_nothing(void **state)
{
    (void)state;
    assert_holds(is_made_of_nothing);
    assert_null(leash_gather_array(NULL, 0, 0));
    assert_int_equal(errno, EPERM);
    leash_coro_t coro = leash_coro(awaits, NULL);
    assert_null(leash_gather_array(ITEMS(coro, coro), 2, 0));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_close(coro), 0);
}

static int is_made_twice(void *arg)
{
    leash_future_t members[] = {leash_future(), leash_future()};
    leash_future_t first = leash_gather(members[0], members[1]), second = leash_gather(members[0], members[1]);
    (void)arg;
    settle();
    EXPECT(leash_done(first) == 0 && leash_done(second) == 0);
    leash_future_set_result(members[0], NULL);
    leash_future_set_result(members[1], NULL);
    return leash_await(first, NULL) || leash_await(second, NULL);
}

static void test_two_of_the_same_futures(void **state)
{
    (void)state;
    assert_holds(is_made_twice);
}

static int is_made_of_doubles(void *arg)
{
    leash_future_t a = leash_future(), b = leash_future();
    struct leash_outcome outcomes[4];
    leash_coro_t coro = leash_coro(awaits, a);
    (void)arg;
    leash_future_set_result(a, &values[0]);
    leash_future_set_result(b, &values[1]);
    EXPECT(leash_gather_wait(outcomes, coro, coro, leash_coro(awaits, b), coro) == 0);
    for (int i = 0; i < 4; i++)
        EXPECT(outcomes[i].rc == 0 && outcomes[i].result == &values[i == 2]);
    return 0;
}

static void test_of_doubles(void **state)
{
    (void)state;
    assert_holds(is_made_of_doubles);
}

/* ---- failures ---- */

static int has_one_failure(void *arg)
{
    for (int coroutines = 0; coroutines < 2; coroutines++) {
        struct table table;
        struct leash_failure failure = {0};
        lay(&table, 5, 0, coroutines);
        set(&table, 0);
        fail_with(&table, 1, -EDOM);
        settle();
        EXPECT(table.told == 1 && leash_done(table.all) == 1 && leash_cancelled(table.all) == 0);
        EXPECT(leash_failure(table.all, &failure) == 0 && failure.code == -EDOM && !strcmp(failure.message, "1"));
        set(&table, 2); /* these change nothing */
        leash_cancel(table.futures[3], NULL);
        fail_with(&table, 4, -EIO);
        settle();
        EXPECT(table.told == 1 && leash_result(table.all, NULL) == -EDOM);
        clear(&table, 5);
    }
    (void)arg;
    return 0;
}

static void test_the_first_failure(void **state)
{
    (void)state;
    assert_holds(has_one_failure);
}

static int returns_failures(void *arg)
{
    for (int coroutines = 0; coroutines < 2; coroutines++) {
        struct table table;
        struct leash_outcome *outcomes = NULL;
        static const int codes[] = {0, 0, -EDOM, -EIO};
        lay(&table, 4, LEASH_RETURN_FAILURES, coroutines);
        set(&table, 1);
        fail_with(&table, 2, -EDOM);
        set(&table, 0);
        settle();
        EXPECT(table.told == 0 && leash_done(table.all) == 0);
        fail_with(&table, 3, -EIO);
        settle();
        EXPECT(table.told == 1 && leash_result(table.all, (void **)&outcomes) == 0);
        for (int i = 0; i < 4; i++)
            EXPECT(outcomes[i].rc == codes[i] && outcomes[i].result == (codes[i] ? NULL : &values[i]));
        clear(&table, 4);
    }
    (void)arg;
    return 0;
}

static void test_failures_among_the_outcomes(void **state)
{
    (void)state;
    assert_holds(returns_failures);
}

static int has_one_cancellation(void *arg)
{
    struct table table;
    struct leash_failure failure = {0};
    lay(&table, 5, 0, false);
    set(&table, 0);
    leash_cancel(table.futures[1], "why not");
    settle();
    EXPECT(table.told == 1 && leash_done(table.all) == 1);
    EXPECT(leash_cancelled(table.all) == 0); /* it failed, with a cancellation */
    EXPECT(leash_failure(table.all, &failure) == 0 && failure.code == -ECANCELED);
    EXPECT(strcmp(failure.message, "why not") == 0);
    set(&table, 2);
    leash_cancel(table.futures[3], NULL);
    fail_with(&table, 4, -EIO);
    EXPECT(leash_result(table.all, NULL) == -ECANCELED);
    clear(&table, 5);
    (void)arg;
    return 0;
}

static void test_a_member_that_is_cancelled(void **state)
{
    (void)state;
    assert_holds(has_one_cancellation);
}

static int returns_cancellations(void *arg)
{
    static const int codes[] = {0, -EDOM, -ECANCELED, 0, -ECANCELED, -EIO};
    struct table table;
    struct leash_outcome *outcomes = NULL;
    lay(&table, 6, LEASH_RETURN_FAILURES, false);
    set(&table, 0);
    fail_with(&table, 1, -EDOM);
    leash_cancel(table.futures[2], NULL);
    settle();
    EXPECT(table.told == 0 && leash_done(table.all) == 0);
    set(&table, 3);
    leash_cancel(table.futures[4], NULL);
    fail_with(&table, 5, -EIO);
    EXPECT(leash_await(table.all, (void **)&outcomes) == 0);
    for (int i = 0; i < 6; i++)
        EXPECT(outcomes[i].rc == codes[i]);
    EXPECT(table.told == 1);
    clear(&table, 6);
    (void)arg;
    return 0;
}

static void test_cancellations_among_the_outcomes(void **state)
{
    (void)state;
    assert_holds(returns_cancellations);
}

static int fails_after(void *arg)
{
    int rc = leash_await((leash_future_t)arg, NULL);
    return rc < 0 ? rc : leash_fail(-EDOM, "should not be ignored");
}

struct two {
    leash_future_t a, b;
};

static int gathers_failures(void *arg)
{
    const struct two *two = arg;
    return leash_gather_wait(NULL, leash_coro(fails_after, two->a), leash_coro(fails_after, two->b));
}

static int fails_twice(void *arg)
{
    struct two two = {leash_future(), leash_future()};
    leash_task_t task = leash_create_task(leash_coro(gathers_failures, &two));
    (void)arg;
    settle();
    leash_future_set_result(two.a, NULL);
    settle();
    leash_future_set_result(two.b, NULL);
    settle();
    EXPECT(leash_await(task, NULL) == -EDOM);
    return 0;
}

static void count_unseen(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    (void)kind;
    (void)handle;
    *(int *)arg += (facts & LEASH_FACT_UNRETRIEVED) != 0;
}

/* The second failure comes when the gather is over; it counts as seen all the same. */
static void test_a_later_failure_is_seen(void **state)
{
    int unseen = 0;
    (void)state;
    leash__judge_hook(count_unseen, &unseen);
    assert_holds(fails_twice);
    leash__judge_hook(NULL, NULL);
    assert_int_equal(unseen, 0);
}

/* ---- cancellation ---- */

static leash_task_t children[2];
static leash_future_t gatherer;

static int notes_if_it_goes_on(void *arg)
{
    int rc = leash_await((leash_future_t)arg, NULL);
    if (rc == 0)
        note("inner");
    return rc;
}

static int gathers_children(void *arg)
{
    (void)arg;
    gatherer = leash_gather(children[0], children[1]);
    leash_ref(gatherer);
    int rc = leash_await(gatherer, NULL);
    if (rc == 0)
        note("outer");
    return rc;
}

static int is_cancelled_from_above(void *arg)
{
    leash_future_t waiter = leash_future();
    (void)arg;
    for (int i = 0; i < 2; i++) {
        children[i] = leash_create_task(leash_coro(notes_if_it_goes_on, waiter));
        leash_ref(children[i]);
    }
    leash_ref(waiter);
    leash_task_t outer = leash_create_task(leash_coro(gathers_children, NULL));
    leash_sleep(0);
    leash_sleep(0);
    EXPECT(leash_cancel(outer, NULL) == 1);
    EXPECT(leash_await(outer, NULL) == -ECANCELED && leash_cancelled(outer) == 1);
    EXPECT(leash_cancel(gatherer, NULL) == 0 && leash_cancelled(waiter) == 1);
    EXPECT(leash_cancelled(children[0]) == 1 && leash_cancelled(children[1]) == 1);
    settle();
    return leash_unref(children[0]) | leash_unref(children[1]) | leash_unref(gatherer) | leash_unref(waiter);
}

static void test_it_goes_to_all_members(void **state)
{
    (void)state;
    assert_trail(is_cancelled_from_above, "");
}

static int cancel_answered;

static void cancels_the_gather(void *future, void *gather)
{
    (void)future;
    cancel_answered = leash_cancel(gather, NULL);
}

/* Its only member is over when it is cancelled, though it does not know yet. */
static int is_cancelled_too_late(void *arg)
{
    leash_future_t future = leash_future();
    struct leash_outcome *outcomes = NULL;
    leash_future_t gather = leash_gather(leash_coro(awaits, future));
    (void)arg;
    leash_sleep(0); /* the member awaits */
    leash_add_done_callback(future, cancels_the_gather, gather);
    leash_future_set_result(future, &values[0]);
    cancel_answered = -1;
    EXPECT(leash_await(gather, (void **)&outcomes) == 0 && leash_cancelled(gather) == 0);
    EXPECT(cancel_answered == 0 && outcomes[0].rc == 0 && outcomes[0].result == &values[0]);
    return 0;
}

static void test_it_refuses_when_all_members_are_done(void **state)
{
    (void)state;
    assert_holds(is_cancelled_too_late);
}

static int naps(void *arg)
{
    (void)arg;
    return leash_sleep(0.05);
}

static int gathers_for_a_second(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++) {
        int rc = leash_await(leash_gather_all(leash_coro(naps, NULL)), NULL);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* Though failures are returned, its own cancellation comes out of it, with the message. */
static int is_cancelled_meanwhile(void *arg)
{
    static const char *const messages[] = {NULL, "my message"};
    (void)arg;
    for (int i = 0; i < 2; i++) {
        leash_task_t task = leash_create_task(leash_coro(gathers_for_a_second, NULL));
        leash_sleep(0.22);
        leash_cancel(task, messages[i]);
        EXPECT(leash_await(task, NULL) == -ECANCELED && leash_cancelled(task) == 1);
        EXPECT(strcmp(leash_cancel_message(task), messages[i] ? messages[i] : "") == 0);
    }
    EXPECT(leash_time() < 0.5);
    return 0;
}

static void test_it_comes_out_although_failures_are_returned(void **state)
{
    (void)state;
    assert_holds(is_cancelled_meanwhile);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_success),
        cmocka_unit_test(test_of_nothing),
        cmocka_unit_test(test_two_of_the_same_futures),
        cmocka_unit_test(test_of_doubles),
        cmocka_unit_test(test_the_first_failure),
        cmocka_unit_test(test_failures_among_the_outcomes),
        cmocka_unit_test(test_a_member_that_is_cancelled),
        cmocka_unit_test(test_cancellations_among_the_outcomes),
        cmocka_unit_test(test_a_later_failure_is_seen),
        cmocka_unit_test(test_it_goes_to_all_members),
        cmocka_unit_test(test_it_refuses_when_all_members_are_done),
        cmocka_unit_test(test_it_comes_out_although_failures_are_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
