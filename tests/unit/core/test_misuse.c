/* Arguments that mean nothing, calls at the wrong place, and what failures say. Always an answer, never a fault. */
#include "test.h"

#include <errno.h>
#include <judge.h>
#include <leash.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
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

static bool says(const char *part)
{
    return strstr(leash_last_error(), part) != NULL;
}

/* ---- NULL and absurd numbers ---- */

static int null_arguments(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(sleeps, NULL));
    leash_awaitable_t items[] = {task};
    EXPECT(leash_failure(task, NULL) == -EINVAL);
    leash_dump(NULL);
    EXPECT(leash_all_tasks(NULL, 7) == 2);
    EXPECT(leash_gather_array(NULL, 2, 0) == NULL && errno == EINVAL && says("NULL"));
    EXPECT(leash_gather_wait_array(NULL, 2, 0, NULL) == -EINVAL);
    EXPECT(leash_gather_wait_array(NULL, 0, 0, NULL) == 0);
    EXPECT(leash_wait(NULL, 2, LEASH_ALL_COMPLETED, 1, NULL) == -EINVAL);
    EXPECT(leash_as_completed(NULL, 2, -1) == NULL && errno == EINVAL);
    EXPECT(leash_wait(items, SIZE_MAX, LEASH_ALL_COMPLETED, 1, NULL) == -EINVAL);
    EXPECT(leash_gather_array(items, SIZE_MAX / 8, 0) == NULL && errno == EINVAL);
    EXPECT(leash_as_completed(items, SIZE_MAX, -1) == NULL && errno == EINVAL);
    EXPECT(leash_next_completed(NULL, NULL, NULL) == -EINVAL && says("NULL"));
    EXPECT(leash_coro_copy(nothing, NULL, 5) == NULL && errno == EINVAL);
    EXPECT(leash_close(leash_coro_copy(nothing, NULL, 0)) == 0);
    EXPECT(leash_return_copy(NULL, 5) == -EINVAL && leash_return_copy(NULL, 0) == 0);
    EXPECT(leash_local_set(NULL, arg) == -EINVAL && leash_local_get(NULL) == NULL);
    EXPECT(leash_add_done_callback(task, NULL, NULL) == -EINVAL);
    EXPECT(leash_remove_done_callback(task, NULL, NULL) == 0);
    EXPECT(leash_cancel(NULL, NULL) == -EINVAL && leash_done(NULL) == -EINVAL);
    EXPECT(leash_callback_cancel(NULL) == -EINVAL);
    EXPECT(leash_timeout_end(NULL, 0) == -EINVAL);
    leash_as_completed_free(NULL);
    leash_cancel(task, NULL);
    EXPECT(leash_await(task, NULL) == -ECANCELED);
    return 0;
}

static void test_null_arguments_are_refused(void **state)
{
    (void)state;
    assert_holds(null_arguments);
}

static void on_time(void *arg)
{
    ++*(int *)arg;
}

static int strange_times(void *arg)
{
    (void)arg;
    int rang = 0;
    leash_future_t never = leash_future();
    leash_awaitable_t items[] = {never};
    EXPECT(leash_sleep((double)NAN) == 0 && leash_sleep(-1) == 0 && leash_sleep(-(double)INFINITY) == 0);
    EXPECT(leash_time() <= 0);
    EXPECT(leash_wait(items, 1, LEASH_ALL_COMPLETED, (double)NAN, NULL) == 0);
    struct leash_as_completed *it = leash_as_completed(items, 1, (double)NAN);
    EXPECT(leash_next_completed(it, NULL, NULL) == -ETIMEDOUT);
    leash_as_completed_free(it);
    leash_call_later((double)NAN, on_time, &rang);
    leash_call_at(-7, on_time, &rang);
    leash_callback_t last = leash_call_later((double)INFINITY, on_time, &rang);
    leash_timeout_t scope = leash_timeout_begin((double)NAN);
    EXPECT(leash_sleep(1) == -ECANCELED && leash_timeout_end(scope, -ECANCELED) == -ETIMEDOUT);
    leash_sleep(0);
    EXPECT(rang == 2 && leash_callback_cancel(last) == 1);
    for (int i = 0; i < 4; i++) { /* the fourth would begin the time anew, if it could */
        double before = leash_time();
        EXPECT(leash_sleep((double)INFINITY) == 0 && leash_time() >= before);
    }
    EXPECT(leash_wait_for(leash_future(), (double)NAN, NULL) == -ETIMEDOUT);
    leash_cancel(never, NULL);
    return 0;
}

static void test_strange_times_have_a_meaning(void **state)
{
    (void)state;
    assert_holds(strange_times);
}

/* ---- the wrong place ---- */

struct refusals {
    int rc[7];
    leash_task_t task;
};

static void waits_in_a_callback(void *arg)
{
    struct refusals *refusals = arg;
    int *rc = refusals->rc;
    leash_coro_t coro = leash_coro(nothing, NULL);
    rc[0] = leash_sleep(1);
    rc[1] = leash_await(refusals->task, NULL);
    rc[2] = leash_gather_wait(NULL, refusals->task);
    rc[3] = leash_wait_for(refusals->task, 1, NULL);
    rc[4] = leash_run(coro);
    rc[5] = leash_timeout_begin(1) ? 0 : -errno;
    rc[6] = leash_await(coro, NULL);
    leash_close(coro);
}

static void waits_in_a_done_callback(void *handle, void *arg)
{
    (void)handle;
    waits_in_a_callback(arg);
}

static int waits_at_wrong_places(void *arg)
{
    struct refusals *refusals = arg;
    refusals[0].task = refusals[1].task = leash_create_task(leash_coro(sleeps, NULL));
    leash_future_t future = leash_future();
    leash_call_soon(waits_in_a_callback, &refusals[0]);
    leash_add_done_callback(future, waits_in_a_done_callback, &refusals[1]);
    leash_future_set_result(future, NULL);
    leash_await(refusals[0].task, NULL);
    return leash_await(future, NULL);
}

static void test_callbacks_cannot_wait(void **state)
{
    struct refusals refusals[2] = {0};
    (void)state;
    assert_int_equal(run_virtual(waits_at_wrong_places, refusals), 0);
    for (int i = 0; i < 2; i++)
        for (int j = 0; j < 7; j++)
            assert_int_equal(refusals[i].rc[j], -EPERM);
}

static int awaits(void *arg)
{
    return leash_await((leash_task_t)arg, NULL);
}

static int itself(void *arg)
{
    (void)arg;
    leash_task_t self = leash_current_task();
    EXPECT(leash_await(self, NULL) == -EINVAL && says("itself"));
    EXPECT(leash_wait_for(self, -1, NULL) == -EINVAL && says("itself"));
    EXPECT(leash_wait_for(self, 1, NULL) == -ECANCELED); /* as CPython: when the limit is over it cancels itself */
    EXPECT(leash_uncancel(self) == 0);
    EXPECT(leash_unref(self) == -EINVAL); /* leash_run has the claim */
    leash_task_t other = leash_create_task(leash_coro(nothing, NULL));
    EXPECT(leash_ref(other) == 0 && leash_unref(other) == 0 && leash_unref(other) == 0);
    EXPECT(leash_unref(other) == -EINVAL && says("no claim"));
    leash_sleep(1);
    EXPECT(leash_unref(other) == -ESTALE);
    return 0;
}

static void test_of_itself_and_of_no_claim(void **state)
{
    (void)state;
    assert_holds(itself);
}

static int awaits_its_awaiter(void *arg)
{
    leash_task_t child = leash_create_task(leash_coro(awaits, leash_current_task()));
    leash_detach(child);
    (void)arg;
    return leash_await(child, NULL);
}

static int cancels(void *arg)
{
    leash_sleep(1);
    return leash_cancel((leash_task_t)arg, "enough") == 1 ? 0 : -EPROTO;
}

static int main_cancelled_by_its_child(void *arg)
{
    leash_task_t child = leash_create_task(leash_coro(cancels, leash_current_task()));
    leash_detach(child);
    if (arg)
        return awaits_its_awaiter(NULL);
    return leash_sleep(100);
}

static void test_main_and_its_children(void **state)
{
    int any = 0;
    (void)state;
    assert_int_equal(run_virtual(awaits_its_awaiter, NULL), -EDEADLK);
    assert_int_equal(run_virtual(main_cancelled_by_its_child, NULL), -ECANCELED);
    assert_int_equal(run_virtual(main_cancelled_by_its_child, &any), -EDEADLK); /* nobody in a circle can be woken */
}

struct scopes {
    leash_timeout_t outer;
    int rc;
};

static int ends_another_scope(void *arg)
{
    struct scopes *scopes = arg;
    scopes->rc = leash_timeout_end(scopes->outer, 0);
    return 0;
}

static int scopes_in_any_order(void *arg)
{
    (void)arg;
    struct scopes scopes = {.outer = leash_timeout_begin(1)};
    leash_timeout_t inner = leash_timeout_begin(2), open = leash_timeout_begin(-1);
    leash_await(leash_create_task(leash_coro(ends_another_scope, &scopes)), NULL);
    EXPECT(scopes.rc == -EINVAL);
    EXPECT(leash_await(leash_coro(ends_another_scope, &scopes), NULL) == 0 && scopes.rc == 0); /* the same task */
    EXPECT(leash_timeout_end(scopes.outer, 0) == -ESTALE);
    EXPECT(leash_sleep(5) == -ECANCELED && leash_timeout_expired(inner) == 1);
    EXPECT(leash_timeout_reschedule(inner, 9) == -EINVAL && says("expired"));
    EXPECT(leash_timeout_end(inner, -ECANCELED) == -ETIMEDOUT);
    EXPECT(leash_timeout_reschedule(inner, 9) == -ESTALE && leash_timeout_expired(inner) == -ESTALE);
    EXPECT(leash_timeout_reschedule(open, 1) == 0 && leash_sleep(5) == -ECANCELED);
    return leash_cancelling(leash_current_task()) == 1 ? 0 : -EPROTO; /* `open` is closed with the body */
}

static void test_scopes_end_in_any_order(void **state)
{
    (void)state;
    assert_holds(scopes_in_any_order);
}

/* ---- in the clean-up ---- */

struct late {
    int created, pending, never_awaited;
};

static void note_late(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    struct late *late = arg;
    (void)handle;
    late->pending += kind == LEASH_SUBJECT_TASK && (facts & LEASH_FACT_PENDING);
    late->never_awaited += kind == LEASH_SUBJECT_CORO && (facts & LEASH_FACT_NEVER_AWAITED);
}

static int creates_when_cancelled(void *arg)
{
    struct late *late = arg;
    leash_sleep(100);
    leash_task_t task = leash_create_task(leash_coro(sleeps, NULL));
    leash_coro_t coro = leash_coro(nothing, NULL);
    late->created = task && coro;
    return 0;
}

static int leaves_a_creator(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(creates_when_cancelled, arg));
    (void)task;
    return leash_sleep(1);
}

static void test_what_is_made_in_the_clean_up(void **state)
{
    struct late late = {0};
    (void)state;
    leash__judge_hook(note_late, &late);
    assert_int_equal(run_virtual(leaves_a_creator, &late), 0);
    leash__judge_hook(NULL, NULL);
    assert_int_equal(late.created, 1);
    assert_int_equal(late.pending, 1); /* the creator alone: the late task is neither cancelled nor listed */
    assert_int_equal(late.never_awaited, 1);
}

/* ---- what failures say ---- */

static int breaks(void *arg)
{
    return leash_fail(-EIO, "disk %s is gone", (const char *)arg);
}

static int passes_on(void *arg)
{
    return leash_await(leash_coro(breaks, arg), NULL);
}

static int fails_by_itself(void *arg)
{
    (void)arg;
    return -EIO;
}

static int handles_and_fails_anew(void *arg)
{
    leash_await(leash_coro(breaks, arg), NULL);
    return leash_await(leash_coro(fails_by_itself, NULL), NULL);
}

static int gathers(void *arg)
{
    leash_future_t all = leash_gather(leash_coro(breaks, arg), leash_coro(nothing, NULL));
    return leash_await(all, NULL);
}

static int times_out(void *arg)
{
    leash_future_t future = leash_future();
    leash_future_set_failure(future, -ETIMEDOUT, "an older story");
    leash_await(future, NULL);
    (void)arg;
    return leash_wait_for(leash_coro(sleeps, NULL), 1, NULL);
}

static int messages(void *arg)
{
    (void)arg;
    struct leash_failure failure = {0};
    leash_coro_t coro = leash_coro(passes_on, text("a"));
    EXPECT(leash_await(coro, NULL) == -EIO && leash_failure(coro, &failure) == 0);
    EXPECT(strcmp(failure.message, "disk a is gone") == 0 && strcmp(failure.func, "breaks") == 0);
    coro = leash_coro(handles_and_fails_anew, text("b"));
    EXPECT(leash_await(coro, NULL) == -EIO && leash_failure(coro, &failure) == 0);
    EXPECT(strcmp(failure.message, "") == 0 && failure.file == NULL);
    leash_future_t all = leash_gather(leash_coro(breaks, text("c")), leash_coro(sleeps, NULL));
    EXPECT(leash_await(all, NULL) == -EIO && leash_failure(all, &failure) == 0);
    EXPECT(strcmp(failure.message, "disk c is gone") == 0);
    leash_task_t task = leash_create_task(leash_coro(gathers, text("d")));
    EXPECT(leash_failure(task, &failure) == -EBUSY && says("not finished"));
    EXPECT(leash_await(task, NULL) == -EIO && leash_failure(task, &failure) == 0);
    EXPECT(strcmp(failure.message, "disk d is gone") == 0);
    task = leash_create_task(leash_coro(times_out, NULL));
    EXPECT(leash_await(task, NULL) == -ETIMEDOUT && leash_failure(task, &failure) == 0);
    EXPECT(strcmp(failure.message, "") == 0);
    leash_coro_t bad = leash_coro(breaks, text("e"));
    EXPECT(leash_wait_for(bad, 1, NULL) == -EIO &&
           leash_await(leash_shield(leash_coro(passes_on, text("f"))), NULL) < 0);
    return 0;
}

static void test_messages_travel_with_the_failure_that_is_passed_on(void **state)
{
    (void)state;
    assert_holds(messages);
}

static int bad_members(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_coro_t coro = leash_coro(nothing, NULL);
    leash_awaitable_t items[] = {task, NULL, coro}, others[] = {task, coro};
    EXPECT(leash_gather_array(items, 3, 0) == NULL && says("leash_gather: item 1: the handle is NULL"));
    EXPECT(leash_as_completed(items, 3, 1) == NULL && says("item 1"));
    EXPECT(leash_wait(others, 2, LEASH_ALL_COMPLETED, 1, NULL) == -EINVAL &&
           says("item 1: it does not take a coroutine"));
    EXPECT(leash_gather_wait_array(others, 2, 0, NULL) == 0);
    return 0;
}

static void test_refusals_name_the_member(void **state)
{
    (void)state;
    assert_holds(bad_members);
}

static void test_a_result_is_untouched_on_failure(void **state)
{
    int place = 0;
    void *result = &place;
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.report = 0;
    assert_int_equal(leash_run_with(leash_coro(breaks, text("g")), &options, &result), -EIO);
    assert_ptr_equal(result, &place);
    options.size = 3;
    leash_coro_t coro = leash_coro(nothing, NULL);
    assert_int_equal(leash_run_with(coro, &options, &result), -EINVAL);
    assert_int_equal(leash_close(coro), 0);
    assert_int_equal(leash_run(NULL), -EINVAL);
}

/* ---- the duty that wait_for takes over ---- */

static int cut_short(void *arg)
{
    return leash_wait_for((leash_task_t)arg, -1, NULL);
}

static int hides_a_cancellation(void *arg)
{
    leash_sleep(100);
    (void)arg;
    return 0;
}

static int waits_for_without_a_limit(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(hides_a_cancellation, arg));
    leash_task_t waiter = leash_create_task(leash_coro(cut_short, task));
    leash_sleep(1);
    leash_cancel(waiter, NULL);
    leash_await(waiter, NULL);
    return leash_sleep(1);
}

static void count_verdicts(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    (void)kind;
    (void)handle;
    *(unsigned *)arg |= facts;
}

static void test_wait_for_without_a_limit_takes_the_duty_over_too(void **state)
{
    unsigned facts = 0;
    (void)state;
    leash__judge_hook(count_verdicts, &facts);
    assert_int_equal(run_virtual(waits_for_without_a_limit, NULL), 0);
    leash__judge_hook(NULL, NULL);
    assert_int_equal(facts, 0);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_null_arguments_are_refused),
        cmocka_unit_test(test_strange_times_have_a_meaning),
        cmocka_unit_test(test_callbacks_cannot_wait),
        cmocka_unit_test(test_of_itself_and_of_no_claim),
        cmocka_unit_test(test_main_and_its_children),
        cmocka_unit_test(test_scopes_end_in_any_order),
        cmocka_unit_test(test_what_is_made_in_the_clean_up),
        cmocka_unit_test(test_messages_travel_with_the_failure_that_is_passed_on),
        cmocka_unit_test(test_refusals_name_the_member),
        cmocka_unit_test(test_a_result_is_untouched_on_failure),
        cmocka_unit_test(test_wait_for_without_a_limit_takes_the_duty_over_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
