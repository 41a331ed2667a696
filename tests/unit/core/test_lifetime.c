/* Lifetimes at their edges: handles given up by those who use them, functions that drop arguments and results and call
 * leash, and what ends with its loop. */
#include "test.h"

#include <errno.h>
#include <judge.h>
#include <leash.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

/* ---- a task that gives up its own handle ---- */

static int detaches_itself(void *arg)
{
    (void)arg;
    return leash_detach(leash_current_task());
}

static int is_its_own_daemon(void *arg)
{
    (void)arg;
    return leash_task_daemon(leash_current_task());
}

static int drops_itself(void *arg)
{
    int rc = leash_unref(leash_current_task());
    (void)arg;
    return rc < 0 ? rc : leash_unref(leash_current_task()) == -EINVAL ? 0 : -EPROTO;
}

static int self_given_up(void *arg)
{
    static const leash_fn_t bodies[] = {detaches_itself, is_its_own_daemon, drops_itself};
    (void)arg;
    for (int round = 0; round < 100; round++) {
        leash_task_t tasks[3];
        for (int i = 0; i < 3; i++)
            tasks[i] = leash_create_task(leash_coro(bodies[i], NULL));
        leash_sleep(0);
        leash_sleep(0);
        for (int i = 0; i < 3; i++)
            if (leash_done(tasks[i]) != 1 || leash_cancelled(tasks[i]) != -ESTALE)
                return -EPROTO;
    }
    return 0;
}

static void test_a_task_may_give_up_its_own_handle_and_end(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(self_given_up, NULL), 0);
}

/* ---- done callbacks that drop what they are called for ---- */

static void gives_up(void *handle, void *arg)
{
    int *rc = arg;
    *rc |= leash_detach(handle);
    *rc |= leash_unref(handle) == -EINVAL ? 0 : -EPROTO;
    *rc |= leash_done(handle) == 1 ? 0 : -EPROTO;
}

static int given_up_by_callbacks(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_future_t future = leash_future();
    for (int i = 0; i < 3; i++) {
        leash_add_done_callback(task, gives_up, arg);
        leash_add_done_callback(future, gives_up, arg);
    }
    leash_future_set_result(future, NULL);
    leash_sleep(1);
    return leash_cancelled(task) == -ESTALE && leash_cancelled(future) == -ESTALE ? 0 : -EPROTO;
}

static void test_done_callbacks_may_drop_the_handle(void **state)
{
    int rc = 0;
    (void)state;
    assert_int_equal(run_virtual(given_up_by_callbacks, &rc), 0);
    assert_int_equal(rc, 0);
}

static int wide(void *arg)
{
    char buffer[256];
    memset(buffer, 7, sizeof buffer);
    (void)arg;
    return leash_return_copy(buffer, sizeof buffer);
}

static void looks(void *handle, void *arg)
{
    void *result = NULL;
    int rc = leash_result(handle, &result);
    if (rc == 0 && ((char *)result)[255] == 7)
        ++*(int *)arg;
}

static int joined_by_callbacks(void *arg)
{
    leash_task_t task = NULL, first = NULL;
    for (int i = 0; i < 5000; i++) {
        task = leash_create_task(leash_coro(wide, NULL));
        first = first ? first : task;
        leash_add_done_callback(task, looks, arg);
        leash_sleep(0);
        leash_sleep(0);
    }
    leash_sleep(1);
    return leash_cancelled(first) == -ESTALE && leash_cancelled(task) == -ESTALE ? 0 : -EPROTO;
}

static void test_what_a_callback_settles_goes_too(void **state)
{
    int seen = 0;
    (void)state;
    assert_int_equal(run_virtual(joined_by_callbacks, &seen), 0);
    assert_int_equal(seen, 5000);
}

/* ---- functions that drop, and call leash ---- */

struct dropped {
    const void *self; /* the handle of what is dropped */
    leash_task_t other;
    int count;
    int rc[12];
};

static void drop_that_calls(void *arg)
{
    struct dropped *dropped = arg;
    int *rc = dropped->rc;
    void *result;
    dropped->count++;
    *rc++ = leash_sleep(1);
    *rc++ = leash_sleep(0);
    *rc++ = leash_await(dropped->other, NULL);
    *rc++ = leash_cancelled(dropped->self);
    *rc++ = leash_detach(dropped->self);
    *rc++ = leash_ref(dropped->self);
    *rc++ = leash_result(dropped->self, &result);
    *rc++ = leash_unref(dropped->self);
    *rc++ = leash_close(leash_coro(nothing, NULL));
    *rc++ = leash_timeout_begin(1) ? 0 : -errno;
    *rc++ = leash_cancel(dropped->other, NULL);
}

static bool was_refused(const struct dropped *dropped)
{
    const int *rc = dropped->rc;
    return dropped->count == 1 && rc[0] == -EPERM && rc[1] == -EPERM && rc[2] == -EPERM && rc[3] < 0 && rc[4] < 0 &&
           rc[5] < 0 && rc[6] < 0 && rc[7] < 0 && rc[8] == 0 && rc[9] == -EPERM;
}

static int owns_a_result(void *arg)
{
    return leash_return_own(arg, drop_that_calls);
}

static int result_dropped(void *arg)
{
    struct dropped *dropped = arg;
    leash_task_t other = dropped->other = leash_create_task(leash_coro(sleeps, NULL));
    leash_task_t task = leash_create_task(leash_coro(owns_a_result, arg));
    dropped->self = task;
    leash_await(task, NULL);
    leash_sleep(0); /* suspends: the result goes */
    int rc = leash_await(other, NULL);
    return dropped->count == 1 && rc == -ECANCELED ? 0 : -EPROTO;
}

static void test_a_drop_of_a_result_may_call_leash_but_not_wait(void **state)
{
    struct dropped dropped = {0};
    (void)state;
    assert_int_equal(run_virtual(result_dropped, &dropped), 0);
    assert_true(was_refused(&dropped));
    assert_int_equal(dropped.rc[10], 1);
}

static int argument_dropped(void *arg)
{
    struct dropped *dropped = arg;
    dropped->other = leash_create_task(leash_coro(sleeps, NULL));
    leash_coro_t coro = leash_coro_own(nothing, arg, drop_that_calls);
    dropped->self = coro;
    leash_close(coro);
    return leash_await(dropped->other, NULL) == -ECANCELED && dropped->count == 1 ? 0 : -EPROTO;
}

static void test_a_drop_of_an_argument_may_call_leash_but_not_wait(void **state)
{
    struct dropped dropped = {0};
    (void)state;
    assert_int_equal(run_virtual(argument_dropped, &dropped), 0);
    assert_true(was_refused(&dropped));
    assert_int_equal(dropped.rc[10], 1);
}

static leash_task_t unborn;
static int given_up;

static void drop_that_gives_up(void *arg)
{
    ++*(int *)arg;
    given_up = leash_unref(unborn);
}

static int cancelled_before_its_first_step(void *arg)
{
    for (int i = 0; i < 10; i++) {
        unborn = leash_create_task(leash_coro_own(nothing, arg, drop_that_gives_up));
        leash_cancel(unborn, NULL);
        leash_sleep(0);
        leash_sleep(0);
        if (given_up != 0 || leash_cancelled(unborn) != -ESTALE)
            return -EPROTO;
    }
    leash_coro_t kept = leash_coro_own(nothing, arg, drop_that_gives_up);
    leash_ref(kept);
    leash_close(kept); /* its argument goes now, though a claim keeps it */
    int dropped = *(int *)arg;
    leash_unref(kept);
    return dropped;
}

static void test_a_drop_may_give_up_the_task_that_never_ran(void **state)
{
    int dropped = 0;
    (void)state;
    assert_int_equal(run_virtual(cancelled_before_its_first_step, &dropped), 11);
    assert_int_equal(dropped, 11);
}

static int never_ends(void *arg)
{
    for (;;)
        leash_sleep(arg ? 1 : 0);
    return 0;
}

static int makes_at_the_end(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(owns_a_result, arg));
    leash_ref(task); /* lives until the loop goes */
    ((struct dropped *)arg)->self = task;
    ((struct dropped *)arg)->other = leash_create_task(leash_coro(never_ends, arg));
    return leash_await(task, NULL);
}

static void test_a_drop_at_the_end_of_the_loop_may_call_leash(void **state)
{
    struct dropped dropped = {0};
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.cleanup_timeout = 0.02;
    assert_int_equal(run_options(makes_at_the_end, &dropped, &options), 0);
    assert_true(was_refused(&dropped));
}

static leash_coro_t late_coro;
static int late_runs;

static int late(void *arg)
{
    (void)arg;
    late_runs++;
    return 0;
}

static void on_late(void *handle, void *arg)
{
    (void)handle;
    (void)arg;
}

static void drop_that_makes(void *arg)
{
    leash_future_t future = leash_future();
    *(int *)arg = future == NULL && leash_create_task(leash_coro(late, NULL)) == NULL &&
                  leash_call_soon(free, NULL) == NULL && leash_run(leash_coro(late, NULL)) == -EPERM;
    late_coro = leash_coro(late, NULL);
}

static void drop_that_adds_a_callback(void *handle)
{
    leash_add_done_callback(*(leash_task_t *)handle, on_late, NULL);
}

static int leaves_owners(void *arg)
{
    static leash_task_t keep;
    leash_coro_t unused = leash_coro_own(nothing, arg, drop_that_makes);
    leash_coro_t another = leash_coro_own(nothing, &keep, drop_that_adds_a_callback);
    keep = leash_create_task(leash_coro(nothing, NULL));
    leash_ref(keep);
    (void)unused;
    (void)another;
    return leash_await(keep, NULL);
}

static void test_what_a_drop_makes_at_the_end_is_refused_or_outlives_the_loop(void **state)
{
    int refused = 0;
    (void)state;
    late_runs = 0;
    assert_int_equal(run_virtual(leaves_owners, &refused), 0);
    assert_int_equal(refused, 1);
    assert_int_equal(leash_run(late_coro), 0);
    assert_int_equal(late_runs, 1);
}

static void test_a_closed_coroutine_has_an_outcome_while_it_is_kept(void **state)
{
    (void)state;
    leash_coro_t coro = leash_coro(nothing, NULL);
    assert_int_equal(leash_ref(coro), 0);
    assert_int_equal(leash_close(coro), 0);
    assert_int_equal(leash_result(coro, NULL), -ECANCELED); /* without a loop */
    assert_int_equal(leash_unref(coro), 0);
    assert_true(leash_result(coro, NULL) < 0);
}

/* ---- results live until the task suspends ---- */

enum { MANY = 6000 };

static int many_results(void *arg)
{
    static leash_task_t tasks[MANY];
    static void *results[MANY];
    (void)arg;
    for (int i = 0; i < MANY; i++)
        tasks[i] = leash_create_task(leash_coro(wide, NULL));
    leash_sleep(0);
    for (int i = 0; i < MANY; i++)
        if (leash_await(tasks[i], &results[i]) != 0)
            return -EPROTO;
    for (int i = 0; i < MANY; i++)
        if (((char *)results[i])[255] != 7)
            return -EPROTO;
    return 0;
}

static void test_results_live_until_the_task_suspends(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(many_results, NULL), 0);
}

/* ---- as_completed ---- */

static struct leash_as_completed *iteration;

static int leaves_an_iteration(void *arg)
{
    leash_awaitable_t items[] = {leash_create_task(leash_coro(sleeps, NULL)), leash_future()};
    iteration = leash_as_completed(items, 2, 50);
    (void)arg;
    return iteration ? 0 : -EPROTO;
}

static int uses_an_old_iteration(void *arg)
{
    size_t index;
    leash_task_t task = leash_create_task(leash_coro(sleeps, NULL)); /* in a cell of the first run */
    int rc = leash_next_completed(iteration, &index, NULL);
    leash_as_completed_free(iteration);
    leash_cancel(task, NULL);
    leash_await(task, NULL);
    (void)arg;
    return rc == -EINVAL ? 0 : -EPROTO;
}

static void test_an_iteration_may_be_freed_after_its_loop(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(leaves_an_iteration, NULL), 0);
    leash_as_completed_free(iteration);
    assert_int_equal(run_virtual(leaves_an_iteration, NULL), 0);
    assert_int_equal(run_virtual(uses_an_old_iteration, NULL), 0);
}

static int waits_for_the_next(void *arg)
{
    size_t index = 0;
    *(int *)arg = leash_next_completed(iteration, &index, NULL);
    return index == SIZE_MAX ? 0 : -EPROTO;
}

static int frees_under_a_waiter(void *arg)
{
    leash_awaitable_t items[] = {leash_future()};
    iteration = leash_as_completed(items, 1, -1);
    leash_task_t task = leash_create_task(leash_coro(waits_for_the_next, arg));
    leash_sleep(0);
    leash_as_completed_free(iteration);
    return leash_await(task, NULL);
}

static void test_an_iteration_may_be_freed_while_a_task_waits_on_it(void **state)
{
    int rc = 0;
    (void)state;
    assert_int_equal(run_virtual(frees_under_a_waiter, &rc), 0);
    assert_int_equal(rc, -ENODATA);
}

/* ---- ends that leave stacks unrun ---- */

static void count(void *arg)
{
    ++*(int *)arg;
}

static int cut_short(void *arg)
{
    leash_timeout_t scope = leash_timeout_begin(1000);
    leash_return_own(arg, count);
    leash_fail(-EIO, "on the way");
    (void)scope;
    for (;;)
        leash_await(leash_future(), NULL);
    return 0;
}

static int cut_short_inline(void *arg)
{
    leash_return_copy("result", 7);
    return leash_await(leash_coro(cut_short, arg), NULL);
}

static int all_kinds_of_waits(void *arg)
{
    leash_future_t never = leash_future();
    leash_task_t slow = leash_create_task(leash_coro(sleeps, NULL));
    leash_awaitable_t items[] = {never, slow};
    switch ((intptr_t)arg) {
    case 0:
        return leash_wait(items, 2, LEASH_ALL_COMPLETED, -1, NULL);
    case 1:
        return leash_wait_for(never, 5000, NULL);
    case 2:
        return leash_gather_wait(NULL, never, slow);
    case 3:
        return leash_await(leash_shield(slow), NULL);
    case 4:
        return leash_wait_for(leash_shield(leash_gather(slow, leash_shield(never))), 5000, NULL);
    default:
        return leash_wait(items, 2, LEASH_FIRST_COMPLETED, 5000, NULL);
    }
}

static int keeps_waiting(void *arg)
{
    for (;;)
        all_kinds_of_waits(arg);
    return 0;
}

static int stubborn_ones(void *arg)
{
    for (intptr_t i = 0; i < 6; i++)
        leash_detach(leash_create_task(leash_coro(keeps_waiting, (void *)i)));
    for (int i = 0; i < 5; i++)
        leash_detach(leash_create_task(leash_coro(cut_short_inline, arg)));
    leash_sleep(1);
    return 0;
}

static void test_what_stands_on_stacks_that_are_freed_unrun_goes(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    int dropped = 0;
    (void)state;
    options.cleanup_timeout = 0.02;
    assert_int_equal(run_options(stubborn_ones, &dropped, &options), 0);
    assert_int_equal(dropped, 5);
}

static int deadlocks(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(cut_short, arg));
    leash_future_t never = leash_future();
    leash_detach(task);
    return leash_await(never, NULL);
}

static void test_a_standstill_leaves_nothing_behind(void **state)
{
    int dropped = 0;
    (void)state;
    assert_int_equal(run_virtual(deadlocks, &dropped), -EDEADLK);
    assert_int_equal(dropped, 1);
}

/* ---- thousands of runs ---- */

static leash_timeout_t old_scope;

static int leaves_a_scope(void *arg)
{
    (void)arg;
    old_scope = leash_timeout_begin(-1);
    return leash_await(leash_future(), NULL);
}

static int looks_at_an_old_scope(void *arg)
{
    (void)arg;
    return leash_timeout_expired(old_scope) == -ESTALE && leash_timeout_end(old_scope, 0) == -ESTALE ? 0 : -EPROTO;
}

static size_t live_cells(void)
{
    /* A cell is known by its handle alone: how far apart two are that were made one after another tells nothing, but
     * the arena's pages do. */
    FILE *maps = fopen("/proc/self/maps", "r");
    size_t lines = 0;
    for (int c; maps && (c = getc(maps)) != EOF;)
        lines += c == '\n';
    if (maps)
        fclose(maps);
    return lines;
}

static void test_a_scope_goes_with_its_loop(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        assert_int_equal(run_virtual(leaves_a_scope, NULL), -EDEADLK);
    assert_int_equal(run_virtual(looks_at_an_old_scope, NULL), 0);
    size_t before = live_cells();
    for (int i = 0; i < 1000; i++)
        assert_int_equal(run_virtual(leaves_a_scope, NULL), -EDEADLK);
    assert_true(live_cells() <= before + 2);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_task_may_give_up_its_own_handle_and_end),
        cmocka_unit_test(test_done_callbacks_may_drop_the_handle),
        cmocka_unit_test(test_what_a_callback_settles_goes_too),
        cmocka_unit_test(test_a_drop_of_a_result_may_call_leash_but_not_wait),
        cmocka_unit_test(test_a_drop_of_an_argument_may_call_leash_but_not_wait),
        cmocka_unit_test(test_a_drop_may_give_up_the_task_that_never_ran),
        cmocka_unit_test(test_a_drop_at_the_end_of_the_loop_may_call_leash),
        cmocka_unit_test(test_what_a_drop_makes_at_the_end_is_refused_or_outlives_the_loop),
        cmocka_unit_test(test_a_closed_coroutine_has_an_outcome_while_it_is_kept),
        cmocka_unit_test(test_results_live_until_the_task_suspends),
        cmocka_unit_test(test_an_iteration_may_be_freed_after_its_loop),
        cmocka_unit_test(test_an_iteration_may_be_freed_while_a_task_waits_on_it),
        cmocka_unit_test(test_what_stands_on_stacks_that_are_freed_unrun_goes),
        cmocka_unit_test(test_a_standstill_leaves_nothing_behind),
        cmocka_unit_test(test_a_scope_goes_with_its_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
