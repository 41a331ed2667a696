/* Programs 3.5 and 3.6 while main lives: a scan on demand finds the tasks that nobody holds, and no task whose handle
 * is still in a variable. */
#include "test.h"

#include <leash.h>

static struct leash_scan_result scan;
static int scanned; /* what leash_scan returned */

static int take_steps(void *unused)
{
    (void)unused;
    return leash_sleep(1);
}

static int one_of_two_kept(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(take_steps, NULL));
    volatile leash_task_t kept = leash_create_task(leash_coro(take_steps, NULL));
    scanned = leash_scan(&scan);
    return leash_done(kept);
}

static int last_of_five_kept(void *unused)
{
    (void)unused;
    volatile leash_task_t kept = NULL;
    for (int i = 0; i < 5; i++)
        kept = leash_create_task(leash_coro(take_steps, NULL));
    scanned = leash_scan(&scan);
    return leash_done(kept);
}

static void cancel_it(void *task)
{
    leash_cancel((leash_task_t)task, NULL);
}

/* Where the runtime itself keeps what the program gave it, it is kept: for a callback, for a coroutine that has not
 * run, as the result of another task. */
static __attribute__((noinline)) void leave_one_with_a_timer(void)
{
    leash_call_later(0.5, cancel_it, leash_create_task(leash_coro(take_steps, NULL)));
}

static int return_it(void *task)
{
    return leash_return(task);
}

static int kept_for_the_program(void *unused)
{
    (void)unused;
    leave_one_with_a_timer();
    volatile leash_coro_t later = leash_coro(return_it, leash_create_task(leash_coro(take_steps, NULL)));
    volatile leash_task_t over =
        leash_create_task(leash_coro(return_it, leash_create_task(leash_coro(take_steps, NULL))));
    leash_sleep(0);
    leash_sleep(0);
    scanned = leash_scan(&scan);
    leash_close(later);
    leash_detach(over);
    return 0;
}

static void run_and_expect(leash_fn_t app, int lost)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 1;
    options.report = 0;
    scan = (struct leash_scan_result){0};
    assert_int_equal(leash_run_with(leash_coro(app, NULL), &options, NULL), 0);
    if (!scan.complete) {
        print_message("no scan can run here: %s\n", scan.reason);
        assert_int_equal(scanned, 0);
        skip();
    }
    assert_int_equal(scanned, lost);
    assert_int_equal(scan.lost, lost);
}

static void test_the_task_in_a_variable_is_held(void **state)
{
    (void)state;
    run_and_expect(one_of_two_kept, 1);
}

static void test_only_the_last_of_five_is_held(void **state)
{
    (void)state;
    run_and_expect(last_of_five_kept, 4);
}

static void test_what_the_runtime_keeps_is_held(void **state)
{
    (void)state;
    run_and_expect(kept_for_the_program, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_task_in_a_variable_is_held),
        cmocka_unit_test(test_only_the_last_of_five_is_held),
        cmocka_unit_test(test_what_the_runtime_keeps_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
