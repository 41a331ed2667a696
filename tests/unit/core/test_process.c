/* The end of processes and threads, and fork. Each scenario is a process of its own, whose parent never uses leash: it
 * leaves what it saw in shared memory, and ends by itself. */
#include "test.h"

#include <errno.h>
#include <judge.h>
#include <leash.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <trace_format.h>

#include "sink.h"

#if defined(__has_feature)
#define HAS(feature) __has_feature(feature)
#else
#define HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS(address_sanitizer)
enum { ASAN = 1, TSAN = 0 };
#elif defined(__SANITIZE_THREAD__) || HAS(thread_sanitizer)
enum { ASAN = 0, TSAN = 1 };
#else
enum { ASAN = 0, TSAN = 0 };
#endif

static struct seen {
    unsigned facts[5]; /* by subject: all that were judged */
    int count[5];
    int steps; /* how far a scenario came */
    int rc[8];
} * seen;

static void note(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    (void)handle;
    (void)arg;
    seen->facts[kind] |= facts;
    seen->count[kind]++;
}

/* Runs scenario() in a child; returns its wait status. */
static int status_of(void (*scenario)(void))
{
    int status = -1;
    memset(seen, 0, sizeof *seen);
    pid_t child = fork();
    if (child == 0) {
        leash__judge_hook(note, NULL);
        scenario();
        exit(0);
    }
    waitpid(child, &status, 0);
    return status;
}

static void assert_exits(void (*scenario)(void), int code)
{
    int status = status_of(scenario);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

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

/* ---- exit ---- */

static int exits(void *arg)
{
    (void)arg;
    leash_sleep(1);
    exit(3);
}

static int exits_among_others(void *arg)
{
    leash_coro_t unused = leash_coro(nothing, NULL);
    for (int i = 0; i < 3; i++) {
        leash_task_t task = leash_create_task(leash_coro(sleeps, NULL));
        (void)task;
    }
    (void)arg;
    (void)unused;
    return leash_await(leash_create_task(leash_coro(exits, NULL)), NULL);
}

static void exit_inside_a_task(void)
{
    run_virtual(exits_among_others, NULL);
    seen->steps++;
}

static void test_exit_inside_a_task_is_judged(void **state)
{
    (void)state;
    assert_exits(exit_inside_a_task, 3);
    assert_int_equal(seen->steps, 0);
    assert_int_equal(seen->count[LEASH_SUBJECT_TASK], 3);
    assert_int_equal(seen->facts[LEASH_SUBJECT_TASK], LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 1);
}

static int exits_when_cancelled(void *arg)
{
    leash_sleep(100);
    leash_task_t late = leash_create_task(leash_coro(sleeps, NULL));
    leash_sleep(0);
    (void)late;
    (void)arg;
    exit(4);
}

static int leaves_one_that_exits(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(sleeps, NULL));
    leash_task_t another = leash_create_task(leash_coro(exits_when_cancelled, NULL));
    (void)arg;
    (void)task;
    (void)another;
    return leash_sleep(1);
}

static void exit_in_the_clean_up(void)
{
    run_virtual(leaves_one_that_exits, NULL);
}

static void test_exit_in_the_clean_up_changes_no_verdict(void **state)
{
    (void)state;
    assert_exits(exit_in_the_clean_up, 4);
    assert_int_equal(seen->count[LEASH_SUBJECT_TASK], 2);
    assert_int_equal(seen->facts[LEASH_SUBJECT_TASK], LEASH_FACT_PENDING | LEASH_FACT_UNSETTLED);
}

static void drop_that_exits(void *arg)
{
    (void)arg;
    exit(5);
}

static int leaves_an_owner(void *arg)
{
    leash_coro_t coro = leash_coro_own(nothing, arg, drop_that_exits);
    (void)coro;
    return 0;
}

static void exit_while_the_loop_goes(void)
{
    run_virtual(leaves_an_owner, NULL);
}

static void test_exit_while_the_loop_goes_judges_nothing_twice(void **state)
{
    (void)state;
    assert_exits(exit_while_the_loop_goes, 5);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 1);
}

static int ends_at_once(void *arg)
{
    (void)arg;
    _exit(6);
}

static void immediate_exit(void)
{
    run_virtual(ends_at_once, NULL);
}

static void test_immediate_exit(void **state)
{
    (void)state;
    assert_exits(immediate_exit, 6);
}

static void run_late(void)
{
    seen->rc[0] = run_virtual(nothing, NULL);
    seen->steps++;
}

static void leash_in_a_handler(void)
{
    atexit(run_late); /* before leash's own, so that it is called after */
    run_virtual(nothing, NULL);
    atexit(run_late);
}

static void test_leash_runs_in_exit_handlers(void **state)
{
    (void)state;
    assert_exits(leash_in_a_handler, 0);
    assert_int_equal(seen->steps, 2);
    assert_int_equal(seen->rc[0], 0);
}

static void *makes_one(void *arg)
{
    leash_coro_t coro = leash_coro(nothing, arg);
    (void)coro;
    return NULL;
}

static void make_in_threads(void)
{
    pthread_t thread;
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, makes_one, NULL);
        pthread_join(thread, NULL);
    }
    makes_one(NULL);
}

static void test_coroutines_of_ended_threads_are_judged(void **state)
{
    (void)state;
    assert_exits(make_in_threads, 0);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 4);
    assert_int_equal(seen->facts[LEASH_SUBJECT_CORO], LEASH_FACT_NEVER_AWAITED);
}

/* ---- threads that end ---- */

static struct leash_local key = LEASH_LOCAL_INIT;

static void *sets_a_value(void *arg)
{
    leash_local_set(&key, arg);
    seen->rc[0] = leash_sleep(1);
    return NULL;
}

static void *looks_at_the_value(void *arg)
{
    seen->rc[1] = leash_cancelled(arg); /* not of this thread: whatever it is, it was said before */
    seen->steps = leash_local_get(&key) == NULL;
    return NULL;
}

static void one_thread_after_another(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sets_a_value, &key);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, looks_at_the_value, &key);
    pthread_join(thread, NULL);
}

static void test_a_new_thread_has_no_values_of_an_old_one(void **state)
{
    (void)state;
    assert_exits(one_thread_after_another, 0);
    assert_int_equal(seen->steps, 1);
}

static leash_coro_t foreign;

static void *refs_first(void *arg)
{
    (void)arg;
    seen->rc[0] = leash_ref(foreign);
    seen->rc[1] = leash_unref(foreign);
    return NULL;
}

static void *closes_first(void *arg)
{
    (void)arg;
    seen->rc[2] = leash_close(foreign);
    return NULL;
}

static void a_thread_begins_with_a_claim(void)
{
    pthread_t thread;
    foreign = leash_coro(nothing, NULL);
    pthread_create(&thread, NULL, refs_first, NULL);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, closes_first, NULL);
    pthread_join(thread, NULL);
}

static void test_a_thread_may_begin_with_a_claim(void **state)
{
    (void)state;
    assert_exits(a_thread_begins_with_a_claim, 0);
    assert_int_equal(seen->rc[0] | seen->rc[1] | seen->rc[2], 0);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 0);
}

static void count(void *arg)
{
    ++*(int *)arg;
}

static int ends_the_thread(void *arg)
{
    leash_return_own(&seen->steps, count);
    leash_task_t task = leash_create_task(leash_coro(sleeps, NULL));
    leash_sleep(0);
    (void)arg;
    (void)task;
    pthread_exit(NULL);
}

static void *runs_to_its_end(void *arg)
{
    run_virtual(ends_the_thread, arg);
    return NULL;
}

static void *runs_again(void *arg)
{
    leash__judge_hook(note, NULL);
    seen->rc[0] = run_virtual(nothing, arg);
    return NULL;
}

static void end_threads_inside_of_tasks(void)
{
    pthread_t thread;
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, runs_to_its_end, NULL);
        pthread_join(thread, NULL);
        seen->rc[0] = -1;
        pthread_create(&thread, NULL, runs_again, NULL);
        pthread_join(thread, NULL);
        seen->rc[1] |= seen->rc[0];
    }
}

static void test_a_thread_may_end_inside_of_a_task(void **state)
{
    (void)state;
    if (ASAN || TSAN)
        skip(); /* they do not know that the stack changed */
    assert_exits(end_threads_inside_of_tasks, 0);
    assert_int_equal(seen->steps, 3);
    assert_int_equal(seen->rc[1], 0);
}

/* ---- fork ---- */

static int wait_status;

static void end_child(int bad)
{
    seen->rc[7] = bad;
    if (bad)
        abort();
}

static int forks_and_returns(void *arg)
{
    leash_future_t future = leash_future();
    leash_task_t other = leash_create_task(leash_coro(sleeps, NULL));
    pid_t child = fork();
    if (child == 0) {
        end_child(leash_sleep(1) != -ECHILD || leash_await(future, NULL) != -ECHILD ||
                  leash_cancel(other, NULL) != -ECHILD || leash_gather_wait(NULL, future) != -ECHILD ||
                  leash_timeout_begin(1) != NULL || errno != ECHILD || leash_current_task() != NULL);
        if (arg)
            exit(7);
        return 9;
    }
    waitpid(child, &wait_status, 0);
    leash_cancel(other, NULL);
    leash_cancel(future, NULL);
    return leash_await(other, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int child_of_a_fork_returns(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(forks_and_returns, arg));
    leash_sleep(0);
    seen->steps++; /* in the parent only */
    return leash_await(task, NULL);
}

static void fork_and_return(void)
{
    int rc = run_virtual(child_of_a_fork_returns, NULL);
    if (rc == -ECHILD)
        _exit(8);
    seen->rc[0] = rc;
}

static void test_the_child_of_a_fork_may_return_from_its_task(void **state)
{
    (void)state;
    if (TSAN)
        skip(); /* it stops looking in a child, but for one fiber only */
    assert_exits(fork_and_return, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->rc[7], 0);
    assert_int_equal(seen->steps, 1);
}

static void fork_and_exit(void)
{
    run_virtual(child_of_a_fork_returns, &wait_status);
    seen->rc[1] = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
}

static void test_the_child_of_a_fork_may_exit(void **state)
{
    (void)state;
    assert_exits(fork_and_exit, 0);
    assert_int_equal(seen->rc[1], 7);
    assert_int_equal(seen->count[LEASH_SUBJECT_TASK], 0); /* what is pending in the child is the parent's */
}

static int begins_anew_in_the_child(void *arg)
{
    leash_coro_t before = arg;
    pid_t child = fork();
    if (child == 0) {
        int bad = leash_after_fork() < 0 || leash_run(leash_coro(nothing, NULL)) != 0;
        bad |= leash_run(before) != 0;
        end_child(bad);
        return 0;
    }
    waitpid(child, &wait_status, 0);
    return leash_close(before);
}

static int other_task(void *arg)
{
    (void)arg;
    leash_sleep(0);
    seen->steps++;
    return 0;
}

static int forks_anew(void *arg)
{
    leash_task_t other = leash_create_task(leash_coro(other_task, NULL));
    leash_task_t task = leash_create_task(leash_coro(begins_anew_in_the_child, arg));
    leash_await(other, NULL);
    return leash_await(task, NULL);
}

static void fork_and_begin_anew(void)
{
    leash_coro_t first = leash_coro(nothing, NULL), second = leash_coro(nothing, NULL);
    int rc = run_virtual(forks_anew, first);
    if (rc == -ECHILD)
        exit(0);
    seen->rc[0] = rc;
    seen->rc[1] = wait_status;
    leash_close(second);
}

static void test_a_dead_loop_stays_dead_when_the_child_begins_anew(void **state)
{
    (void)state;
    if (TSAN || ASAN)
        skip(); /* they take the stack on which the child runs a loop for the thread's */
    assert_exits(fork_and_begin_anew, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->rc[1], 0);
    assert_int_equal(seen->rc[7], 0);
    assert_int_equal(seen->steps, 1); /* the other task runs in the parent only */
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 0);
}

static void after_fork_without_a_fork(void)
{
    leash_coro_t first = leash_coro(nothing, NULL), second = leash_coro(nothing, NULL);
    seen->rc[0] = leash_after_fork();
    leash_close(first);
    (void)second;
}

static void test_after_fork_without_a_fork_changes_nothing(void **state)
{
    (void)state;
    assert_exits(after_fork_without_a_fork, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 1);
}

/* ---- races, for ThreadSanitizer ---- */

enum { ROUNDS = 500, RING = 64 };

static leash_coro_t ring[RING];
static void *stale_handle;
static bool maker_is_done;

static void *takes(void *arg)
{
    int taken = 0;
    (void)arg;
    while (taken < ROUNDS) {
        leash_coro_t coro = __atomic_exchange_n(&ring[taken % RING], NULL, __ATOMIC_ACQ_REL);
        if (!coro)
            continue;
        seen->rc[0] |= taken % 2 ? leash_close(coro) : leash_run(coro);
        taken++;
    }
    return NULL;
}

static void make_for_another_thread(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, takes, NULL);
    for (int made = 0; made < ROUNDS;) {
        leash_coro_t none = NULL, coro = leash_coro_copy(nothing, "argument", 9);
        while (!__atomic_compare_exchange_n(&ring[made % RING], &none, coro, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            none = NULL;
        made++;
    }
    pthread_join(thread, NULL);
}

static void test_coroutines_go_from_thread_to_thread(void **state)
{
    (void)state;
    assert_exits(make_for_another_thread, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->count[LEASH_SUBJECT_CORO], 0);
}

static void *looks_at_a_stale_handle(void *arg)
{
    int looks = 0;
    (void)arg;
    while (!__atomic_load_n(&maker_is_done, __ATOMIC_ACQUIRE) || looks < 10) {
        void *handle = __atomic_load_n(&stale_handle, __ATOMIC_ACQUIRE);
        if (handle)
            seen->steps += leash_done(handle) == 0; /* 1, or -EPERM while it lives */
        looks++;
    }
    return NULL;
}

static int reuses_cells(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        leash_task_t task = leash_create_task(leash_coro(nothing, NULL));
        __atomic_store_n(&stale_handle, (void *)task, __ATOMIC_RELEASE);
        leash_await(task, NULL);
        leash_sleep(0);
    }
    return 0;
}

static void look_while_cells_are_reused(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, looks_at_a_stale_handle, NULL);
    seen->rc[0] = run_virtual(reuses_cells, NULL);
    __atomic_store_n(&maker_is_done, true, __ATOMIC_RELEASE);
    pthread_join(thread, NULL);
}

static void test_stale_handles_may_be_looked_at_by_any_thread(void **state)
{
    (void)state;
    assert_exits(look_while_cells_are_reused, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->steps, 0);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exit_inside_a_task_is_judged),
        cmocka_unit_test(test_exit_in_the_clean_up_changes_no_verdict),
        cmocka_unit_test(test_exit_while_the_loop_goes_judges_nothing_twice),
        cmocka_unit_test(test_immediate_exit),
        cmocka_unit_test(test_leash_runs_in_exit_handlers),
        cmocka_unit_test(test_coroutines_of_ended_threads_are_judged),
        cmocka_unit_test(test_a_new_thread_has_no_values_of_an_old_one),
        cmocka_unit_test(test_a_thread_may_begin_with_a_claim),
        cmocka_unit_test(test_a_thread_may_end_inside_of_a_task),
        cmocka_unit_test(test_the_child_of_a_fork_may_return_from_its_task),
        cmocka_unit_test(test_the_child_of_a_fork_may_exit),
        cmocka_unit_test(test_a_dead_loop_stays_dead_when_the_child_begins_anew),
        cmocka_unit_test(test_after_fork_without_a_fork_changes_nothing),
        cmocka_unit_test(test_coroutines_go_from_thread_to_thread),
        cmocka_unit_test(test_stale_handles_may_be_looked_at_by_any_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
