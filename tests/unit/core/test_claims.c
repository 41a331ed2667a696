/* Claims, the life of cells, and what is judged at the end. */
#include "test.h"

#include <errno.h>
#include <judge.h>
#include <leash.h>
#include <string.h>

#include <trace_format.h>

#include "sink.h"

static int nothing(void *arg)
{
    return leash_return(arg);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "broken");
}

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(100);
}

static int fails_later(void *arg)
{
    leash_sleep(1);
    return fails(arg);
}

static int ends_slowly(void *arg)
{
    int rc = leash_sleep(100);
    leash_sleep(5);
    (void)arg;
    return rc;
}

/* What was judged, by kind of subject. */
struct verdict {
    unsigned facts[5];
    int count[5];
};

static void note(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    struct verdict *verdict = arg;
    (void)handle;
    verdict->facts[kind] |= facts;
    verdict->count[kind]++;
}

static struct verdict verdict_of(leash_fn_t fn, void *arg)
{
    struct verdict verdict = {0};
    leash__judge_hook(note, &verdict);
    run_virtual(fn, arg);
    leash__judge_hook(NULL, NULL);
    return verdict;
}

static int readable_after_await(void *arg)
{
    leash_task_t task = leash_create_task_named(leash_coro(nothing, arg), "reader");
    leash_await(task, NULL);
    void *result = NULL;
    if (leash_done(task) != 1 || leash_cancelled(task) != 0 || leash_result(task, &result) != 0 || result != arg ||
        strcmp(leash_task_name(task), "reader") != 0)
        return -EPROTO;
    leash_sleep(0);
    if (leash_done(task) != 1 || leash_result(task, &result) != -ESTALE)
        return -EPROTO;
    task = leash_create_task(leash_coro(nothing, arg));
    leash_ref(task);
    leash_await(task, NULL);
    leash_sleep(1);
    if (leash_await(task, &result) != 0 || leash_ref(task) != 0 || leash_unref(task) != 0)
        return -EPROTO;
    leash_sleep(1);
    if (leash_done(task) != 1 || leash_unref(task) != 0)
        return -EPROTO;
    leash_sleep(1);
    return leash_unref(task) == -ESTALE ? 0 : -EPROTO;
}

static void test_a_settled_handle_stays_readable_until_the_task_suspends(void **state)
{
    int value = 1;
    (void)state;
    assert_int_equal(run_virtual(readable_after_await, &value), 0);
}

static int two_waiters(void *arg)
{
    return leash_await((leash_task_t)arg, NULL);
}

static int many_waiters(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(fails_later, NULL));
    leash_task_t a = leash_create_task(leash_coro(two_waiters, task));
    leash_task_t b = leash_create_task(leash_coro(two_waiters, task));
    int first = leash_await(a, NULL), second = leash_await(b, NULL);
    return first == -EIO && second == -EIO ? 0 : -EPROTO;
}

static void test_every_waiter_gets_the_outcome(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(many_waiters, NULL), 0);
}

static int never_awaited(void *arg)
{
    (void)arg;
    leash_coro_t coro = leash_coro(nothing, NULL);
    (void)coro;
    return 0;
}

static int closed(void *arg)
{
    (void)arg;
    return leash_close(leash_coro(nothing, NULL));
}

static int cancelled_before_its_first_step(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_cancel(task, NULL);
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static void test_never_awaited(void **state)
{
    (void)state;
    struct verdict bad = verdict_of(never_awaited, NULL), good = verdict_of(closed, NULL);
    assert_int_equal(bad.facts[LEASH_SUBJECT_CORO], LEASH_FACT_NEVER_AWAITED);
    assert_int_equal(bad.count[LEASH_SUBJECT_CORO], 1);
    assert_int_equal(good.count[LEASH_SUBJECT_CORO], 0);
    struct verdict unborn = verdict_of(cancelled_before_its_first_step, NULL);
    assert_int_equal(unborn.count[LEASH_SUBJECT_CORO] + unborn.count[LEASH_SUBJECT_TASK], 0);
}

static int pending(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(arg == (void *)3 ? ends_slowly : sleeps, NULL));
    if (arg == (void *)1)
        leash_task_daemon(task);
    if (arg == (void *)2)
        leash_detach(task);
    leash_sleep(1);
    if (arg == (void *)3)
        leash_cancel(task, NULL);
    return 0;
}

static void test_pending_at_exit(void **state)
{
    (void)state;
    struct verdict plain = verdict_of(pending, NULL), daemon = verdict_of(pending, (void *)1);
    struct verdict detached = verdict_of(pending, (void *)2), cancelled = verdict_of(pending, (void *)3);
    assert_int_equal(plain.facts[LEASH_SUBJECT_TASK], LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED);
    assert_true(daemon.facts[LEASH_SUBJECT_TASK] & LEASH_FACT_DAEMON);
    assert_int_equal(detached.facts[LEASH_SUBJECT_TASK], LEASH_FACT_PENDING | LEASH_FACT_DETACHED);
    assert_true(cancelled.facts[LEASH_SUBJECT_TASK] & LEASH_FACT_CANCELLED);
}

static int failed(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(fails, NULL));
    leash_future_t future = leash_future();
    leash_future_set_failure(future, -EPIPE, "nobody listens");
    leash_sleep(1);
    if (arg) {
        leash_await(task, NULL);
        leash_result(future, NULL);
    }
    return 0;
}

static void test_never_retrieved(void **state)
{
    (void)state;
    struct verdict bad = verdict_of(failed, NULL), good = verdict_of(failed, &bad);
    assert_true(bad.facts[LEASH_SUBJECT_TASK] & LEASH_FACT_UNRETRIEVED);
    assert_int_equal(bad.facts[LEASH_SUBJECT_FUTURE], LEASH_FACT_UNRETRIEVED);
    assert_int_equal(good.facts[LEASH_SUBJECT_TASK], 0);
    assert_int_equal(good.facts[LEASH_SUBJECT_FUTURE], 0);
}

/* A way to lose a failure that asyncio's flag does not know of; some look all the same. */
static int hides(void *arg)
{
    leash_task_t first = leash_create_task(leash_coro(fails, NULL)), later = leash_create_task(leash_coro(fails, NULL));
    struct leash_failure failure;
    switch ((intptr_t)arg) {
    case 0: /* the second failure under a gather */
    case 1:
        if (arg)
            leash_ref(later);
        leash_gather_wait(NULL, first, later);
        break;
    case 2: /* a failed task is cancelled */
    case 3:
    case 4:
        leash_sleep(1);
        if (arg == (void *)4)
            leash_failure(later, &failure);
        leash_cancel(later, NULL);
        break;
    default: /* all of them come back */
        leash_gather_wait(NULL, later, leash_coro(sleeps, NULL));
    }
    leash_await(first, NULL);
    leash_sleep(1);
    if (arg == (void *)1) {
        leash_failure(later, &failure);
        leash_unref(later);
    }
    if (arg == (void *)3)
        leash_await(later, NULL);
    return 0;
}

static void test_failure_hidden(void **state)
{
    (void)state;
    const intptr_t hidden[] = {0, 2}, seen[] = {1, 3, 4, 5};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        struct verdict verdict = verdict_of(hides, (void *)hidden[i]);
        assert_true(verdict.facts[LEASH_SUBJECT_TASK] & LEASH_FACT_HIDDEN);
        assert_false(verdict.facts[LEASH_SUBJECT_TASK] & LEASH_FACT_UNRETRIEVED);
    }
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct verdict verdict = verdict_of(hides, (void *)seen[i]);
        assert_false(verdict.facts[LEASH_SUBJECT_TASK] & (LEASH_FACT_HIDDEN | LEASH_FACT_UNRETRIEVED));
    }
}

static int finished(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_sleep(1);
    if (arg == (void *)1)
        leash_result(task, NULL);
    if (arg == (void *)2)
        leash_unref(task);
    if (arg == (void *)3)
        leash_gather_wait(NULL, task);
    return 0;
}

static void test_never_joined(void **state)
{
    (void)state;
    struct verdict verdict = verdict_of(finished, NULL);
    assert_int_equal(verdict.facts[LEASH_SUBJECT_TASK], LEASH_FACT_UNSETTLED);
    assert_int_equal(verdict_of(finished, (void *)1).count[LEASH_SUBJECT_TASK], 0);
    verdict = verdict_of(finished, (void *)2); /* dropped, not settled */
    assert_int_equal(verdict.facts[LEASH_SUBJECT_TASK], LEASH_FACT_UNSETTLED);
    assert_int_equal(verdict_of(finished, (void *)3).count[LEASH_SUBJECT_TASK], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_settled_handle_stays_readable_until_the_task_suspends),
        cmocka_unit_test(test_every_waiter_gets_the_outcome),
        cmocka_unit_test(test_never_awaited),
        cmocka_unit_test(test_pending_at_exit),
        cmocka_unit_test(test_never_retrieved),
        cmocka_unit_test(test_failure_hidden),
        cmocka_unit_test(test_never_joined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
