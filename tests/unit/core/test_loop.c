/* The loop: clocks, callbacks, order, seed, its end, deadlock, fork, several threads, task-local values. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <trace_format.h>

#include "sink.h"

static char trail[512];

static void step(void *text)
{
    strncat(trail, text, sizeof trail - strlen(trail) - 1);
}

static int reset(void **state)
{
    (void)state;
    trail[0] = '\0';
    return 0;
}

static void on_done(void *handle, void *arg)
{
    (void)handle;
    step(arg);
}

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int callbacks(void *arg)
{
    (void)arg;
    leash_call_later(2, step, text("later "));
    leash_call_at(1, step, text("at "));
    leash_callback_t never = leash_call_later(1.5, step, text("never "));
    leash_call_soon(step, text("soon "));
    leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
    leash_add_done_callback(task, on_done, text("done "));
    leash_add_done_callback(task, on_done, text("removed "));
    int removed = leash_remove_done_callback(task, on_done, text("removed "));
    int cancelled = leash_callback_cancel(never), again = leash_callback_cancel(never);
    leash_sleep(3);
    step(text("main"));
    leash_await(task, NULL);
    return removed == 1 && cancelled == 1 && again == 0 ? 0 : -EPROTO;
}

static void test_callbacks_run_in_order(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(callbacks, NULL), 0);
    assert_string_equal(trail, "soon done at later main");
}

static int sleeps_a_little(void *arg)
{
    double before = leash_time();
    leash_sleep(0.02);
    *(double *)arg = leash_time() - before;
    return 0;
}

static void test_the_real_clock(void **state)
{
    double slept = 0;
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    assert_int_equal(run_options(sleeps_a_little, &slept, &options), 0);
    assert_true(slept >= 0.02);
}

static int says(void *arg)
{
    step(arg);
    return 0;
}

static int ten(void *arg)
{
    static char names[10][2];
    leash_awaitable_t tasks[10];
    (void)arg;
    for (int i = 0; i < 10; i++) {
        names[i][0] = (char)('a' + i);
        tasks[i] = leash_create_task(leash_coro(says, names[i]));
    }
    return leash_gather_wait_array(tasks, 10, 0, NULL);
}

static void test_a_seed_shuffles_repeatably(void **state)
{
    char first[sizeof trail];
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    assert_int_equal(run_options(ten, NULL, &options), 0);
    assert_string_equal(trail, "abcdefghij");
    options.seed = 7;
    trail[0] = '\0';
    assert_int_equal(run_options(ten, NULL, &options), 0);
    strcpy(first, trail);
    assert_string_not_equal(first, "abcdefghij");
    assert_int_equal(strlen(first), 10);
    trail[0] = '\0';
    assert_int_equal(run_options(ten, NULL, &options), 0);
    assert_string_equal(trail, first);
}

static int waits_for_nothing(void *arg)
{
    leash_future_t never = leash_future();
    int rc = leash_await(never, NULL);
    *(int *)arg = rc;
    return rc;
}

static void test_a_standstill_is_a_deadlock(void **state)
{
    int ran_on = 0;
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(waits_for_nothing, &ran_on), -EDEADLK);
    assert_int_equal(ran_on, 0);
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 0)->b, LEASH_LOOP_DEADLOCK);
    sink_off();
}

static int stubborn(void *arg)
{
    (void)arg;
    while (leash_sleep(1) != 0)
        ;
    leash_future_t never = leash_future();
    for (;;)
        leash_await(never, NULL);
    return 0;
}

static int leaves_a_stubborn_task(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(stubborn, NULL));
    leash_sleep(0.5);
    (void)task;
    return 3;
}

static void test_the_clean_up_gives_up_on_the_stubborn(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(leaves_a_stubborn_task, NULL), 3);
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 0)->b, LEASH_LOOP_STUBBORN);
    sink_off();
}

static int spins(void *arg)
{
    (void)arg;
    for (;;)
        leash_sleep(0);
    return 0;
}

static int leaves_a_spinner(void *arg)
{
    (void)arg;
    leash_task_t task = leash_create_task(leash_coro(spins, NULL));
    leash_sleep(0);
    (void)task;
    return 0;
}

static void test_the_clean_up_has_a_limit(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.cleanup_timeout = 0.05;
    assert_int_equal(run_options(leaves_a_spinner, NULL, &options), 0);
}

static int holds_resources(void *arg)
{
    int rc = leash_sleep(100);
    step(text("released "));
    (void)arg;
    return rc;
}

static int leaves_three(void *arg)
{
    (void)arg;
    for (int i = 0; i < 3; i++) {
        leash_task_t task = leash_create_task(leash_coro(holds_resources, NULL));
        (void)task;
    }
    leash_sleep(1);
    step(text("main "));
    return 0;
}

static void test_what_is_pending_is_cancelled_and_awaited(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(leaves_three, NULL), 0);
    assert_string_equal(trail, "main released released released ");
}

static int names_itself(void *arg)
{
    leash_task_t tasks[4];
    size_t count = leash_all_tasks(tasks, 4);
    if (count != 2 || tasks[1] != leash_current_task() || strcmp(leash_task_name(tasks[1]), "worker") != 0)
        return -EPROTO;
    leash_task_set_name(tasks[1], "renamed");
    *(int *)arg = strcmp(leash_task_name(tasks[1]), "renamed");
    return 0;
}

static int all_tasks(void *arg)
{
    return leash_await(leash_create_task_named(leash_coro(names_itself, arg), "worker"), NULL);
}

static void test_current_and_all_tasks(void **state)
{
    int different = 1;
    (void)state;
    assert_int_equal(run_virtual(all_tasks, &different), 0);
    assert_int_equal(different, 0);
}

static struct leash_local key = LEASH_LOCAL_INIT, other_key = LEASH_LOCAL_INIT;

static int sees_local(void *arg)
{
    void **seen = arg;
    seen[0] = leash_local_get(&key);
    leash_local_set(&key, text("child"));
    leash_sleep(1);
    seen[1] = leash_local_get(&key);
    return 0;
}

static int sets_local(void *arg)
{
    void **seen = arg;
    leash_local_set(&key, text("parent"));
    leash_task_t child = leash_create_task(leash_coro(sees_local, seen));
    leash_local_set(&key, text("changed"));
    leash_sleep(0.5);
    seen[2] = leash_local_get(&key);
    seen[3] = leash_local_get(&other_key);
    return leash_await(child, NULL);
}

static void test_task_local_values_are_inherited(void **state)
{
    void *seen[4] = {0};
    (void)state;
    assert_int_equal(leash_local_set(&other_key, text("thread")), 0);
    assert_int_equal(run_virtual(sets_local, seen), 0);
    assert_string_equal(seen[0], "parent");
    assert_string_equal(seen[1], "child");
    assert_string_equal(seen[2], "changed");
    assert_string_equal(seen[3], "thread");
}

static int quiet_ten(void *arg)
{
    leash_awaitable_t tasks[10];
    (void)arg;
    for (int round = 0; round < 50; round++) {
        for (int i = 0; i < 10; i++)
            tasks[i] = leash_create_task(leash_coro(nothing, NULL));
        int rc = leash_gather_wait_array(tasks, 10, 0, NULL);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static void *runs_quietly(void *arg)
{
    *(int *)arg = run_virtual(quiet_ten, NULL);
    return NULL;
}

static void test_several_loops_in_several_threads(void **state)
{
    pthread_t threads[4];
    int codes[4] = {-1, -1, -1, -1};
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, runs_quietly, &codes[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(codes[i], 0);
    }
}

static int made_elsewhere(void *arg)
{
    *(int *)arg = 1;
    return 0;
}

static void *runs_a_given_coroutine(void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.report = 0;
    return (void *)(intptr_t)leash_run_with((leash_coro_t)arg, &options, NULL);
}

static void test_a_coroutine_may_go_to_another_thread_before_it_runs(void **state)
{
    pthread_t thread;
    void *code = NULL;
    int ran = 0;
    (void)state;
    leash_coro_t coro = leash_coro(made_elsewhere, &ran);
    assert_int_equal(pthread_create(&thread, NULL, runs_a_given_coroutine, coro), 0);
    pthread_join(thread, &code);
    assert_null(code);
    assert_int_equal(ran, 1);
}

static int forks(void *arg)
{
    int *status = arg;
    pid_t child = fork();
    if (child == 0) {
        int bad = leash_create_task(leash_coro(nothing, NULL)) != NULL || errno != ECHILD;
        bad |= leash_run(leash_coro(nothing, NULL)) != -ECHILD;
        bad |= leash_after_fork() != 0;
        bad |= leash_run(leash_coro(nothing, NULL)) != 0;
        _exit(bad);
    }
    waitpid(child, status, 0);
    return leash_sleep(1);
}

static void test_the_loops_of_a_forked_child_are_dead(void **state)
{
    int status = -1;
    (void)state;
    assert_int_equal(run_virtual(forks, &status), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int dumps(void *arg)
{
    FILE *to = arg;
    leash_task_t task = leash_create_task_named(leash_coro(holds_resources, NULL), "holder");
    leash_sleep(1);
    leash_dump(to);
    leash_cancel(task, NULL);
    leash_await(task, NULL);
    return 0;
}

static void test_dump_says_who_waits_for_what(void **state)
{
    char text[2048] = "";
    (void)state;
    FILE *to = fmemopen(text, sizeof text, "w");
    assert_int_equal(run_virtual(dumps, to), 0);
    fclose(to);
    assert_non_null(strstr(text, "\"holder\"  holds_resources  waiting  for sleep at "));
    assert_non_null(strstr(text, "running"));
}

static int sleeps_two_seconds(void *arg)
{
    *(double *)arg = -leash_time();
    leash_call_at(1, step, text("at "));
    int rc = leash_sleep(2);
    *(double *)arg += leash_time();
    return rc;
}

static void test_a_second_virtual_loop_goes_on_in_the_trace(void **state)
{
    double first = 0, second = 0;
    (void)state;
    trail[0] = '\0';
    sink_on(false);
    assert_int_equal(run_virtual(sleeps_two_seconds, &first), 0);
    assert_int_equal(run_virtual(sleeps_two_seconds, &second), 0);
    assert_true(first == 2 && second == 2);
    assert_string_equal(trail, "at at ");
    uint64_t began = sink_find(LEASH_EV_LOOP_BEGIN, 0)->c;
    assert_int_equal(sink_find(LEASH_EV_LOOP_BEGIN, 1)->c, began + 2000000000);
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 1)->c, began + 4000000000);
    sink_off();
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* these keep memory of their own for stacks */
static size_t resident(void)
{
    size_t total = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%zu %zu", &total, &pages) != 2)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

enum { BURST = 6000 };

static int yields(void *arg)
{
    (void)arg;
    return leash_sleep(0);
}

static int bursts(void *arg)
{
    static leash_awaitable_t tasks[BURST];
    size_t *grown = arg, before = resident();
    for (int i = 0; i < BURST; i++)
        tasks[i] = leash_create_task(leash_coro(yields, NULL));
    int rc = leash_gather_wait_array(tasks, BURST, 0, NULL);
    grown[0] = resident() - before;
    leash_sleep(0.05);
    grown[1] = resident() - before;
    return rc;
}

static void test_an_idle_loop_gives_stacks_back(void **state)
{
    size_t grown[2] = {0};
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    assert_int_equal(run_options(bursts, grown, &options), 0);
    assert_true(grown[0] > (size_t)BURST * 4096);
    assert_true(grown[1] < grown[0] - (size_t)BURST / 2 * 4096);
}

#endif

static int asks_for_a_dump(void *arg)
{
    (void)arg;
    kill(getpid(), SIGUSR1);
    for (int i = 0; i < 3; i++)
        leash_sleep(0.01);
    return 0;
}

static void test_sigusr1_asks_for_a_dump(void **state)
{
    int ends[2], kept = dup(STDERR_FILENO);
    char text[2048] = "";
    (void)state;
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.dump = 1;
    options.virtual_time = 0;
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    int code = run_options(asks_for_a_dump, NULL, &options);
    dup2(kept, STDERR_FILENO);
    close(ends[1]);
    ssize_t length = read(ends[0], text, sizeof text - 1);
    close(ends[0]);
    close(kept);
    assert_int_equal(code, 0);
    assert_true(length > 0);
    assert_non_null(strstr(text, "asks_for_a_dump"));
    struct sigaction after;
    sigaction(SIGUSR1, NULL, &after);
    assert_ptr_equal(after.sa_handler, SIG_DFL); /* given back */
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_callbacks_run_in_order, reset),
        cmocka_unit_test(test_the_real_clock),
        cmocka_unit_test_setup(test_a_seed_shuffles_repeatably, reset),
        cmocka_unit_test(test_a_standstill_is_a_deadlock),
        cmocka_unit_test(test_the_clean_up_gives_up_on_the_stubborn),
        cmocka_unit_test(test_the_clean_up_has_a_limit),
        cmocka_unit_test_setup(test_what_is_pending_is_cancelled_and_awaited, reset),
        cmocka_unit_test(test_current_and_all_tasks),
        cmocka_unit_test(test_task_local_values_are_inherited),
        cmocka_unit_test(test_several_loops_in_several_threads),
        cmocka_unit_test(test_a_coroutine_may_go_to_another_thread_before_it_runs),
        cmocka_unit_test(test_the_loops_of_a_forked_child_are_dead),
        cmocka_unit_test(test_dump_says_who_waits_for_what),
        cmocka_unit_test(test_a_second_virtual_loop_goes_on_in_the_trace),
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* these keep memory of their own for stacks */
        cmocka_unit_test(test_an_idle_loop_gives_stacks_back),
#endif
        cmocka_unit_test(test_sigusr1_asks_for_a_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
