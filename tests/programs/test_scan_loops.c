/* Several loops on several threads: a scan of one loop's tasks finds handles wherever the others keep them, in what
 * runs and in what is suspended, and their tasks do not hinder it. */
#include "test.h"

#include <leash.h>
#include <pthread.h>
#include <stdatomic.h>

#define MASK UINT64_C(0x5555aaaa5555aaaa)

/* A handle on its way from one loop to another, in a form in which it is none. */
static _Atomic uint64_t passed;
static atomic_int stage; /* 0, then: 1 the other loop has it, 2 it may go */
static struct leash_scan_result scan;

static int take_steps(void *unused)
{
    (void)unused;
    return leash_sleep(100);
}

static __attribute__((noinline)) void pass_on_a_task(void)
{
    leash_task_t task = leash_create_task(leash_coro(take_steps, NULL));
    atomic_store(&passed, (uint64_t)(uintptr_t)task ^ MASK);
}

static __attribute__((noinline)) leash_task_t received(void)
{
    uint64_t word;
    while (!(word = atomic_load(&passed)))
        continue;
    return (leash_task_t)(uintptr_t)(word ^ MASK);
}

/* The one that keeps it is suspended while another runs, and the other way round. */
static int keep_and_sleep(void *unused)
{
    (void)unused;
    volatile leash_task_t kept = received();
    atomic_store(&stage, 1);
    while (atomic_load(&stage) != 2)
        leash_sleep(0.001);
    return leash_done(kept) < 0;
}

static int keep_and_run(void *unused)
{
    (void)unused;
    volatile leash_task_t kept = received();
    atomic_store(&stage, 1);
    while (atomic_load(&stage) != 2)
        continue;
    return leash_done(kept) < 0;
}

static int keep_nothing(void *unused)
{
    (void)unused;
    atomic_store(&stage, 1);
    while (atomic_load(&stage) != 2)
        leash_sleep(0.001);
    return 0;
}

static void *other_loop(void *fn)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.report = 0;
    leash_fn_t *body = fn;
    return leash_run_with(leash_coro(*body, NULL), &options, NULL) < 0 ? fn : NULL;
}

/* Waiting without the loop: nothing but this task is to run here. */
static int lose_one_and_scan(void *unused)
{
    (void)unused;
    pass_on_a_task();
    while (atomic_load(&stage) != 1)
        continue;
    int rc = leash_scan(&scan);
    atomic_store(&stage, 2);
    return rc;
}

static void run_beside(leash_fn_t other, unsigned lost)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    pthread_t thread;
    void *failed = &scan;
    options.report = 0;
    atomic_store(&passed, 0);
    atomic_store(&stage, 0);
    assert_int_equal(pthread_create(&thread, NULL, other_loop, &other), 0);
    int rc = leash_run_with(leash_coro(lose_one_and_scan, NULL), &options, NULL);
    pthread_join(thread, &failed);
    assert_null(failed);
    if (!scan.complete)
        skip();
    assert_int_equal(rc, lost);
    assert_int_equal(scan.candidates, 1);
    assert_int_equal(scan.lost, lost);
}

static void test_kept_by_a_suspended_task_of_another_loop(void **state)
{
    (void)state;
    run_beside(keep_and_sleep, 0);
}

static void test_kept_by_a_running_task_of_another_loop(void **state)
{
    (void)state;
    run_beside(keep_and_run, 0);
}

static void test_kept_by_nobody(void **state)
{
    (void)state;
    run_beside(keep_nothing, 1);
}

/* ---- loops that scan at the same time ---- */

static atomic_uint complete, wrong;

static int scan_often(void *unused)
{
    struct leash_scan_result mine;
    (void)unused;
    volatile leash_task_t kept = leash_create_task(leash_coro(take_steps, NULL));
    for (int round = 0; round < 20; round++) {
        leash_scan(&mine);
        if (mine.complete)
            atomic_fetch_add(&complete, 1);
        if (mine.lost)
            atomic_fetch_add(&wrong, 1);
        leash_sleep(0);
    }
    return leash_cancel(kept, NULL) < 0;
}

static void test_loops_that_scan_each_other(void **state)
{
    leash_fn_t body = scan_often;
    pthread_t threads[3];
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, other_loop, &body), 0);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&wrong), 0);
    assert_true(atomic_load(&complete) > 0 || !scan.complete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_by_a_suspended_task_of_another_loop),
        cmocka_unit_test(test_kept_by_a_running_task_of_another_loop),
        cmocka_unit_test(test_kept_by_nobody),
        cmocka_unit_test(test_loops_that_scan_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
