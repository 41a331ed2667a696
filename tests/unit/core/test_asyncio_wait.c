/* wait and as_completed, as CPython's test_tasks.py pins them. */
#include "check.h"

#include <errno.h>
#include <stdlib.h>

struct job {
    double seconds;
    int code;
};

static int works(void *arg)
{
    const struct job *job = arg;
    int rc = leash_sleep(job->seconds);
    return rc < 0 ? rc : job->code;
}

static leash_task_t start(double seconds, int code)
{
    struct job job = {seconds, code};
    return leash_create_task(leash_coro_copy(works, &job, sizeof job));
}

/* ---- wait ---- */

static int waits_twice(void *arg)
{
    leash_task_t a = start(0.1, 0), b = start(0.15, 0);
    unsigned char done[2] = {0};
    (void)arg;
    for (int i = 0; i < 2; i++) { /* the second time takes none */
        EXPECT(leash_wait(ITEMS(b, a), 2, LEASH_ALL_COMPLETED, -1, done) == 2 && done[0] && done[1]);
        EXPECT(leash_time() == 0.15);
    }
    return leash_gather_wait(NULL, a, b);
}

static void test_waiting_for_what_is_over_takes_no_time(void **state)
{
    (void)state;
    assert_holds(waits_twice);
}

static int waits_for_doubles(void *arg)
{
    leash_task_t once = start(1, 1), twice = start(2, 2);
    unsigned char done[3] = {0};
    (void)arg;
    EXPECT(leash_wait(ITEMS(twice, twice, once), 3, LEASH_ALL_COMPLETED, 1.5, done) == 1);
    EXPECT(!done[0] && !done[1] && done[2]);
    EXPECT(leash_wait(ITEMS(twice, twice, once), 3, LEASH_ALL_COMPLETED, -1, done) == 3);
    EXPECT(done[0] && done[1] && done[2] && leash_time() == 2);
    EXPECT(leash_await(once, NULL) == 1 && leash_await(twice, NULL) == 2);
    return 0;
}

static void test_doubles_are_waited_for_once(void **state)
{
    (void)state;
    assert_holds(waits_for_doubles);
}

static int waits_wrongly(void *arg)
{
    leash_task_t task = start(10, 0);
    leash_coro_t coro = leash_coro(works, &(struct job){0});
    (void)arg;
    EXPECT(leash_wait(NULL, 0, LEASH_ALL_COMPLETED, -1, NULL) == -EINVAL);
    EXPECT(leash_wait(ITEMS(task), 1, (enum leash_when) - 1, -1, NULL) == -EINVAL);
    EXPECT(leash_wait(ITEMS(task), 1, (enum leash_when)3, -1, NULL) == -EINVAL);
    EXPECT(leash_wait(ITEMS(task, coro), 2, LEASH_ALL_COMPLETED, -1, NULL) == -EINVAL);
    EXPECT(leash_close(coro) == 0 && leash_time() == 0);
    leash_cancel(task, NULL);
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static void test_wrong_arguments(void **state)
{
    (void)state;
    assert_holds(waits_wrongly);
}

static int yields(void *arg)
{
    for (int i = 0; i < *(int *)arg; i++)
        leash_sleep(0);
    return 0;
}

/* b ends in the iteration in which the waiter is woken: what is done then is told, not what woke it. */
static int wakes_late(void *arg)
{
    leash_task_t a = leash_create_task(leash_coro_copy(yields, &(int){1}, sizeof(int)));
    leash_task_t b = leash_create_task(leash_coro_copy(yields, &(int){2}, sizeof(int))), slow = start(10, 0);
    unsigned char done[3] = {0};
    (void)arg;
    EXPECT(leash_wait(ITEMS(b, slow, a), 3, LEASH_FIRST_COMPLETED, -1, done) == 2);
    EXPECT(done[0] && !done[1] && done[2] && leash_time() == 0);
    return leash_gather_wait(NULL, a, b, slow);
}

static void test_what_ends_meanwhile_is_told_too(void **state)
{
    (void)state;
    assert_holds(wakes_late);
}

/* Without waiting, after waiting, and where it has failed before. */
static int waits_for_a_failure(void *arg)
{
    leash_task_t slow = start(10, 0);
    unsigned char done[2] = {0};
    (void)arg;
    for (int i = 0; i < 3; i++) {
        double seconds = i == 1 ? 0.01 : 0, before = leash_time();
        leash_task_t bad = start(seconds, -EDOM);
        if (i == 2)
            leash_sleep(0.01);
        EXPECT(leash_wait(ITEMS(bad, slow), 2, LEASH_FIRST_FAILURE, -1, done) == 1 && done[0] && !done[1]);
        EXPECT(leash_time() <= before + 0.010001);
        EXPECT(leash_await(bad, NULL) == -EDOM);
    }
    return leash_await(slow, NULL);
}

static void test_the_first_failure_ends_it(void **state)
{
    (void)state;
    assert_holds(waits_for_a_failure);
}

/* A task that ends cancelled is no failure. */
static int waits_beyond_a_cancelled_one(void *arg)
{
    leash_task_t slow = start(3, 0), cancelled = start(10, 0);
    (void)arg;
    leash_cancel(cancelled, NULL);
    EXPECT(leash_wait(ITEMS(cancelled, slow), 2, LEASH_FIRST_FAILURE, -1, NULL) == 2 && leash_time() == 3);
    EXPECT(leash_await(cancelled, NULL) == -ECANCELED);
    return leash_await(slow, NULL);
}

static void test_a_cancelled_one_is_no_failure(void **state)
{
    (void)state;
    assert_holds(waits_beyond_a_cancelled_one);
}

static int waits_for_all_in_spite_of_a_failure(void *arg)
{
    leash_task_t a = start(0.1, 0), b = start(0.15, -EDOM);
    (void)arg;
    for (int i = 0; i < 2; i++) {
        EXPECT(leash_wait(ITEMS(b, a), 2, LEASH_ALL_COMPLETED, -1, NULL) == 2 && leash_time() == 0.15);
    }
    EXPECT(leash_result(a, NULL) == 0 && leash_result(b, NULL) == -EDOM);
    return 0;
}

static void test_all_means_all(void **state)
{
    (void)state;
    assert_holds(waits_for_all_in_spite_of_a_failure);
}

static int waits_in_vain(void *arg)
{
    leash_task_t a = start(0.1, 0), b = start(0.15, 0);
    unsigned char done[2] = {0};
    (void)arg;
    leash_sleep(0);
    EXPECT(leash_wait(ITEMS(b, a), 2, LEASH_ALL_COMPLETED, 0.11, done) == 1 && !done[0] && done[1]);
    EXPECT(leash_time() == 0.11 && leash_done(b) == 0); /* it goes on */
    EXPECT(leash_await(b, NULL) == 0 && leash_time() == 0.15);
    return leash_await(a, NULL);
}

static void test_a_limit_cancels_nothing(void **state)
{
    (void)state;
    assert_holds(waits_in_vain);
}

/* The limit is over in the iteration in which a is woken, who has no time to end before; but a ends before the waiter
 * looks. */
static int ends_at_the_limit(void *arg)
{
    leash_task_t a = start(0.1, 0), b = start(0.15, 0);
    unsigned char done[2] = {0};
    (void)arg;
    leash_sleep(0);
    EXPECT(leash_wait(ITEMS(b, a), 2, LEASH_ALL_COMPLETED, 0.1, done) == 1 && !done[0] && done[1]);
    EXPECT(leash_time() == 0.1);
    return leash_gather_wait(NULL, a, b);
}

static void test_one_that_ends_at_the_limit(void **state)
{
    (void)state;
    assert_holds(ends_at_the_limit);
}

/* ---- as_completed ---- */

/* What comes next: the code, and which of the items it was. */
static int next(struct leash_as_completed *it, size_t *index)
{
    return leash_next_completed(it, index, NULL);
}

static int comes_in_time(void *arg)
{
    size_t index = 7;
    struct leash_as_completed *it =
        leash_as_completed(ITEMS(leash_coro_copy(works, (&(struct job){0.01, 5}), sizeof(struct job))), 1, 1);
    (void)arg;
    EXPECT(next(it, &index) == 5 && index == 0 && leash_time() == 0.01);
    EXPECT(next(it, &index) == -ENODATA && leash_time() == 0.01);
    leash_as_completed_free(it);
    EXPECT(leash_sleep(2) == 0); /* nor does the limit come later */
    return 0;
}

static void test_a_limit_that_is_not_needed(void **state)
{
    (void)state;
    assert_holds(comes_in_time);
}

static int comes_at_once(void *arg)
{
    leash_task_t a = start(0.05, 1), b = start(0.05, 2), c = start(0.01, 3);
    size_t index[3];
    struct leash_as_completed *it = leash_as_completed(ITEMS(b, c, a), 3, -1);
    (void)arg;
    EXPECT(next(it, &index[0]) == 3 && index[0] == 1 && leash_time() == 0.01);
    EXPECT(next(it, &index[1]) == 1 && index[1] == 2 && leash_time() == 0.05); /* a was first to sleep */
    EXPECT(next(it, &index[2]) == 2 && index[2] == 0 && leash_time() == 0.05);
    EXPECT(next(it, NULL) == -ENODATA);
    leash_as_completed_free(it);
    return 0;
}

static void test_several_that_end_together(void **state)
{
    (void)state;
    assert_holds(comes_at_once);
}

static int runs;

static int counts(void *arg)
{
    runs++;
    return *(int *)arg;
}

static int comes_once(void *arg)
{
    int ham = 1, spam = 2;
    size_t index;
    leash_coro_t coro = leash_coro(counts, &ham);
    (void)arg;
    runs = 0;
    struct leash_as_completed *it = leash_as_completed(ITEMS(coro, coro, leash_coro(counts, &spam)), 3, -1);
    EXPECT(next(it, &index) == 1 && index == 0);
    EXPECT(next(it, &index) == 2 && index == 2);
    EXPECT(next(it, &index) == -ENODATA && runs == 2);
    leash_as_completed_free(it);
    return 0;
}

static void test_doubles_come_once(void **state)
{
    (void)state;
    assert_holds(comes_once);
}

static void test_as_completed_without_a_loop(void **state)
{
    (void)state;
    leash_coro_t coro = leash_coro(counts, &runs);
    assert_null(leash_as_completed(ITEMS(coro), 1, -1));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_wait(ITEMS(coro), 1, LEASH_ALL_COMPLETED, -1, NULL), -EPERM);
    assert_int_equal(leash_close(coro), 0); /* it is unused */
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_waiting_for_what_is_over_takes_no_time),
        cmocka_unit_test(test_doubles_are_waited_for_once),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_what_ends_meanwhile_is_told_too),
        cmocka_unit_test(test_the_first_failure_ends_it),
        cmocka_unit_test(test_a_cancelled_one_is_no_failure),
        cmocka_unit_test(test_all_means_all),
        cmocka_unit_test(test_a_limit_cancels_nothing),
        cmocka_unit_test(test_one_that_ends_at_the_limit),
        cmocka_unit_test(test_a_limit_that_is_not_needed),
        cmocka_unit_test(test_several_that_end_together),
        cmocka_unit_test(test_doubles_come_once),
        cmocka_unit_test(test_as_completed_without_a_loop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
