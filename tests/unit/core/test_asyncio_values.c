/* Task-local values, as CPython's tests of contexts pin them (test_tasks.py: test_context_*, test_context.py): whom
 * they go to, and whom not. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

static struct leash_local key = LEASH_LOCAL_INIT;

static bool has(const char *value)
{
    const char *now = leash_local_get(&key);
    return now && strcmp(now, value) == 0;
}

/* ---- tasks ---- */

static int sets_later(void *arg)
{
    (void)arg;
    leash_sleep(0.01);
    EXPECT(leash_local_get(&key) == NULL);
    leash_local_set(&key, text("something else"));
    return 0;
}

static int has_a_child(void *arg)
{
    (void)arg;
    EXPECT(leash_local_get(&key) == NULL);
    leash_task_t child = leash_create_task(leash_coro(sets_later, NULL));
    leash_local_set(&key, text("yes"));
    EXPECT(has("yes"));
    EXPECT(leash_await(child, NULL) == 0 && has("yes"));
    return 0;
}

static void test_a_child_has_what_there_was_when_it_was_made(void **state)
{
    (void)state;
    assert_holds(has_a_child);
    assert_null(leash_local_get(&key)); /* nor does main's go to the thread */
}

enum { MANY = 100, ROUNDS = 10 };

static int changes_its_own(void *arg)
{
    int own[ROUNDS], number = *(int *)arg;
    for (int i = 0; i < ROUNDS; i++) {
        own[i] = number + i;
        leash_local_set(&key, &own[i]);
        leash_sleep(0.001 * ((number * 7 + i * 3) % 5));
        EXPECT(leash_local_get(&key) == &own[i]);
    }
    return 0;
}

static int many_at_once(void *arg)
{
    static int numbers[MANY];
    leash_awaitable_t tasks[MANY];
    for (int i = 0; i < MANY; i++) {
        numbers[i] = i % 11;
        tasks[i] = leash_create_task(leash_coro(changes_its_own, &numbers[i]));
    }
    (void)arg;
    return leash_gather_wait_array(tasks, MANY, 0, NULL);
}

static void test_a_hundred_tasks_each_with_its_own(void **state)
{
    (void)state;
    assert_holds(many_at_once);
    assert_null(leash_local_get(&key));
}

/* A body that is awaited inline is part of its task. */
static int sets_it(void *arg)
{
    return leash_local_set(&key, arg);
}

static int calls_a_body(void *arg)
{
    (void)arg;
    EXPECT(leash_await(leash_coro(sets_it, text("inline")), NULL) == 0 && has("inline"));
    EXPECT(leash_await(leash_create_task(leash_coro(sets_it, text("task"))), NULL) == 0 && has("inline"));
    EXPECT(leash_wait_for(leash_coro(sets_it, text("task")), 1, NULL) == 0 && has("inline"));
    return leash_gather_wait(NULL, leash_coro(sets_it, text("task"))) || !has("inline");
}

static void test_a_body_shares_those_of_its_task(void **state)
{
    (void)state;
    assert_holds(calls_a_body);
}

/* ---- callbacks ---- */

static void pollutes(void *handle, void *arg)
{
    (void)handle;
    EXPECT(has(arg));
    leash_local_set(&key, text("something else"));
    EXPECT(has("something else"));
    note(arg);
}

static void sets_the_future(void *future)
{
    EXPECT(has("second"));
    leash_local_set(&key, text("something else"));
    leash_future_set_result(future, NULL);
}

static int has_callbacks(void *arg)
{
    leash_future_t future = leash_future();
    (void)arg;
    leash_local_set(&key, text("first"));
    leash_add_done_callback(future, pollutes, text("first"));
    leash_local_set(&key, text("second"));
    leash_add_done_callback(future, pollutes, text("second"));
    leash_add_done_callback(future, pollutes, text("second")); /* each has its own */
    leash_call_soon(sets_the_future, future);
    leash_local_set(&key, text("third"));
    EXPECT(leash_await(future, NULL) == 0 && has("third"));
    for (int i = 0; i < 3; i++)
        EXPECT(leash_sleep(0.001) == 0 && has("third"));
    return 0;
}

static void test_callbacks_change_nobody_elses(void **state)
{
    (void)state;
    assert_trail(has_callbacks, "first, second, second");
    assert_null(leash_local_get(&key)); /* not the thread's either */
}

static leash_task_t made;

static int is_made_by_a_callback(void *arg)
{
    (void)arg;
    EXPECT(has("of the callback"));
    note("made");
    return 0;
}

static void makes_a_task(void *arg)
{
    EXPECT(has(arg));
    leash_local_set(&key, text("of the callback"));
    made = leash_create_task(leash_coro(is_made_by_a_callback, NULL));
}

static int calls_later(void *arg)
{
    (void)arg;
    leash_local_set(&key, text("main"));
    leash_call_later(1, makes_a_task, text("main"));
    leash_local_set(&key, text("of main"));
    leash_callback_t never = leash_call_at(2, makes_a_task, NULL);
    leash_sleep(1);
    EXPECT(has("of main") && leash_callback_cancel(never) == 1);
    return leash_await(made, NULL);
}

static void test_what_a_callback_makes_has_its_values(void **state)
{
    (void)state;
    assert_int_equal(leash_local_set(&key, text("thread")), 0);
    assert_trail(calls_later, "made");
    assert_true(has("thread"));
    leash_local_set(&key, NULL);
}

/* Removed, or never called because the loop ends: what they would have run with goes with them. */
static int never_called(void *arg)
{
    leash_future_t future = leash_future();
    leash_local_set(&key, text("a"));
    for (int i = 0; i < 3; i++) {
        leash_add_done_callback(future, pollutes, arg);
        leash_call_later(1, makes_a_task, arg);
        leash_local_set(&key, text("b"));
    }
    EXPECT(leash_remove_done_callback(future, pollutes, arg) == 3);
    leash_add_done_callback(future, pollutes, arg);
    leash_detach(future);
    return 0;
}

static void test_callbacks_that_are_never_called(void **state)
{
    (void)state;
    assert_trail(never_called, "");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_child_has_what_there_was_when_it_was_made),
        cmocka_unit_test(test_a_hundred_tasks_each_with_its_own),
        cmocka_unit_test(test_a_body_shares_those_of_its_task),
        cmocka_unit_test(test_callbacks_change_nobody_elses),
        cmocka_unit_test(test_what_a_callback_makes_has_its_values),
        cmocka_unit_test(test_callbacks_that_are_never_called),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
