/* Futures, as CPython's test_futures.py and test_futures2.py pin them: states, done callbacks, who has seen a failure.
 */
#include "check.h"

#include <errno.h>
#include <judge.h>
#include <stdlib.h>

/* ---- states ---- */

static bool refuses_to_be_set(leash_future_t future)
{
    return leash_future_set_result(future, NULL) == -EALREADY &&
           leash_future_set_failure(future, -EIO, "late") == -EALREADY && leash_cancel(future, NULL) == 0;
}

static int ends_well(void *arg)
{
    leash_future_t future = leash_future();
    struct leash_failure failure;
    void *result = NULL;
    (void)arg;
    EXPECT(leash_done(future) == 0 && leash_cancelled(future) == 0);
    EXPECT(leash_result(future, &result) == -EBUSY && leash_failure(future, &failure) == -EBUSY && !result);
    EXPECT(leash_future_set_result(future, &noted) == 0);
    EXPECT(leash_done(future) == 1 && leash_cancelled(future) == 0);
    EXPECT(leash_result(future, &result) == 0 && result == &noted);
    EXPECT(leash_failure(future, &failure) == -ENODATA);
    EXPECT(refuses_to_be_set(future));
    return 0;
}

static int ends_badly(void *arg)
{
    leash_future_t future = leash_future();
    struct leash_failure failure = {0};
    void *result = NULL;
    (void)arg;
    EXPECT(leash_future_set_failure(future, 0, "no failure") == -EINVAL && leash_done(future) == 0);
    EXPECT(leash_future_set_failure(future, -EIO, "disk %d", 7) == 0);
    EXPECT(leash_done(future) == 1 && leash_cancelled(future) == 0);
    EXPECT(leash_result(future, &result) == -EIO && !result);
    EXPECT(leash_failure(future, &failure) == 0 && failure.code == -EIO && strcmp(failure.message, "disk 7") == 0);
    EXPECT(refuses_to_be_set(future));
    return 0;
}

static int ends_cancelled(void *arg)
{
    leash_future_t future = leash_future();
    struct leash_failure failure = {0};
    void *result = NULL;
    (void)arg;
    EXPECT(strcmp(leash_cancel_message(future), "") == 0);
    EXPECT(leash_cancel(future, "my message") == 1);
    EXPECT(leash_done(future) == 1 && leash_cancelled(future) == 1);
    EXPECT(leash_result(future, &result) == -ECANCELED && !result);
    EXPECT(leash_failure(future, &failure) == 0 && failure.code == -ECANCELED);
    EXPECT(refuses_to_be_set(future));
    EXPECT(strcmp(leash_cancel_message(future), "my message") == 0);
    EXPECT(leash_await(future, NULL) == -ECANCELED);
    return 0;
}

static void test_states(void **state)
{
    (void)state;
    assert_holds(ends_well);
    assert_holds(ends_badly);
    assert_holds(ends_cancelled);
    assert_null(leash_future());
    assert_int_equal(errno, EPERM);
}

/* ---- awaited many times ---- */

static void notes(void *word)
{
    note(word);
}

static void is_set(void *future)
{
    leash_future_set_result(future, &noted);
}

static int awaits_twice(void *arg)
{
    leash_future_t future = leash_future();
    void *result = NULL;
    (void)arg;
    leash_call_soon(is_set, future);
    EXPECT(leash_await(future, &result) == 0 && result == &noted);
    leash_call_soon(notes, text("loop"));
    result = NULL;
    EXPECT(leash_await(future, &result) == 0 && result == &noted);
    note("main"); /* it did not go through the loop again */
    leash_sleep(0);
    return 0;
}

static void test_awaiting_it_again_does_not_yield(void **state)
{
    (void)state;
    assert_trail(awaits_twice, "main, loop");
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EPROTO, "42");
}

static int awaits_a_failure(void *arg)
{
    struct leash_failure failure = {0};
    leash_task_t task = leash_create_task(leash_coro(fails, NULL));
    (void)arg;
    for (int i = 0; i < 5; i++) {
        EXPECT(leash_await(task, NULL) == -EPROTO && leash_failure(task, &failure) == 0);
        EXPECT(strcmp(failure.message, "42") == 0 && strcmp(failure.func, "fails") == 0);
    }
    return 0;
}

static void test_every_await_gets_the_failure(void **state)
{
    (void)state;
    assert_holds(awaits_a_failure);
}

/* ---- done callbacks ---- */

static void says(void *future, void *word)
{
    EXPECT(leash_done(future) == 1);
    note(word);
}

static char words[3][2] = {"a", "b", "c"};

static leash_future_t with_three(void)
{
    leash_future_t future = leash_future();
    for (int i = 0; i < 3; i++)
        EXPECT(leash_add_done_callback(future, says, words[i]) == 0);
    return future;
}

/* Takes those of the letters in `arg` back, some of them more than once. */
static int takes_back(void *arg)
{
    leash_future_t future = with_three();
    bool gone[3] = {false, false, false};
    for (const char *letter = arg; *letter; letter++) {
        int i = *letter - 'a';
        EXPECT(leash_remove_done_callback(future, says, words[i]) == !gone[i]);
        gone[i] = true;
    }
    leash_future_set_result(future, NULL);
    EXPECT(noted.trail[0] == '\0'); /* not before the next iteration */
    leash_sleep(0);
    return leash_result(future, NULL);
}

static void test_callbacks_are_taken_back(void **state)
{
    static const struct {
        const char *taken, *called;
    } cases[] = {{"", "a, b, c"}, {"aa", "b, c"}, {"aba", "c"}, {"cc", "a, b"}, {"cab", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ends(takes_back, text(cases[i].taken), 0);
        assert_string_equal(noted.trail, cases[i].called);
    }
}

static int takes_many_back(void *arg)
{
    leash_future_t future = leash_future();
    leash_add_done_callback(future, says, words[0]);
    leash_add_done_callback(future, says, words[1]);
    EXPECT(leash_remove_done_callback(future, says, words[1]) == 1);
    EXPECT(leash_remove_done_callback(future, says, words[2]) == 0);
    leash_add_done_callback(future, says, words[1]);
    for (int i = 0; i < 5; i++)
        leash_add_done_callback(future, says, words[0]);
    EXPECT(leash_remove_done_callback(future, says, words[0]) == 6);
    leash_future_set_result(future, arg);
    leash_sleep(0);
    return leash_result(future, NULL);
}

static void test_all_of_one_are_taken_back_at_once(void **state)
{
    (void)state;
    assert_trail(takes_many_back, "b");
}

static int ends_in_all_ways(void *arg)
{
    leash_future_t well = with_three(), badly = with_three(), cancelled = with_three();
    (void)arg;
    leash_future_set_result(well, NULL);
    leash_future_set_failure(badly, -EIO, "no");
    leash_cancel(cancelled, NULL);
    leash_sleep(0);
    EXPECT(leash_result(well, NULL) == 0 && leash_result(badly, NULL) == -EIO);
    EXPECT(leash_result(cancelled, NULL) == -ECANCELED);
    EXPECT(leash_add_done_callback(well, says, words[2]) == 0); /* soon, as it is over */
    note("added");
    leash_sleep(0);
    return 0;
}

static void test_callbacks_are_called_however_it_ends(void **state)
{
    (void)state;
    assert_trail(ends_in_all_ways, "a, b, c, a, b, c, a, b, c, added, c");
}

/* Takes one of the others back, and adds one more, while they are called. What is taken back is not called any more,
 * though it is queued: its argument may be gone. (CPython's, which lives as long as it is queued, would be.) */
static void changes_them(void *future, void *arg)
{
    (void)arg;
    EXPECT(leash_remove_done_callback(future, says, words[1]) == 2);
    EXPECT(leash_remove_done_callback(future, changes_them, NULL) == 0);
    leash_add_done_callback(future, says, words[2]);
    note("changed");
}

static int changes(void *arg)
{
    leash_future_t future = leash_future();
    leash_add_done_callback(future, changes_them, arg);
    leash_add_done_callback(future, says, words[1]);
    leash_add_done_callback(future, says, words[0]);
    leash_add_done_callback(future, says, words[1]);
    leash_future_set_result(future, NULL);
    leash_sleep(0);
    note("main");
    leash_sleep(0);
    return leash_result(future, NULL);
}

static void test_callbacks_may_change_while_they_are_called(void **state)
{
    (void)state;
    assert_trail(changes, "changed, a, main, c");
}

/* ---- who has seen a failure ---- */

enum { ABANDONED, CANCELLED, SET, SET_AND_READ, FAILED, FAILED_AND_READ, FAILED_AND_AWAITED, FAILED_AND_CANCELLED };

static int leaves_a_future(void *arg)
{
    int how = *(int *)arg;
    leash_future_t future = leash_future();
    if (how == CANCELLED)
        leash_cancel(future, NULL);
    else if (how >= FAILED)
        leash_future_set_failure(future, -EIO, "boom");
    else if (how >= SET)
        leash_future_set_result(future, NULL);
    if (how == SET_AND_READ || how == FAILED_AND_READ)
        leash_result(future, NULL);
    if (how == FAILED_AND_AWAITED)
        leash_await(future, NULL);
    if (how == FAILED_AND_CANCELLED)
        EXPECT(leash_cancel(future, NULL) == 0);
    leash_unref(future);
    return leash_sleep(0);
}

static void count_unseen(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    (void)handle;
    *(int *)arg += kind == LEASH_SUBJECT_FUTURE && (facts & LEASH_FACT_UNRETRIEVED);
}

static void test_a_failure_that_nobody_has_seen(void **state)
{
    (void)state;
    for (int how = ABANDONED; how <= FAILED_AND_CANCELLED; how++) {
        int unseen = 0;
        leash__judge_hook(count_unseen, &unseen);
        assert_ends(leaves_a_future, &how, 0);
        leash__judge_hook(NULL, NULL);
        assert_int_equal(unseen, how == FAILED);
    }
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_awaiting_it_again_does_not_yield),
        cmocka_unit_test(test_every_await_gets_the_failure),
        cmocka_unit_test(test_callbacks_are_taken_back),
        cmocka_unit_test(test_all_of_one_are_taken_back_at_once),
        cmocka_unit_test(test_callbacks_are_called_however_it_ends),
        cmocka_unit_test(test_callbacks_may_change_while_they_are_called),
        cmocka_unit_test(test_a_failure_that_nobody_has_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
