/* What becomes of threads' jobs at the end of leash_run, at exit(), after fork, and where no thread can be made. Each
 * scenario is a process of its own, whose parent never uses leash: it leaves what it saw in shared memory. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <judge.h>
#include <leash.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "pool.h"
#include "sink.h"

#if defined(__has_feature)
#define HAS(feature) __has_feature(feature)
#else
#define HAS(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS(address_sanitizer)
/* Its allocator's locks may be another thread's at a fork; LeakSanitizer knows no stack but that of who forked. */
enum { ASAN = 1, TSAN = 0 };
#elif defined(__SANITIZE_THREAD__) || HAS(thread_sanitizer)
enum { ASAN = 0, TSAN = 1 }; /* dies of threads that a child of several threads makes */
#else
enum { ASAN = 0, TSAN = 0 };
#endif

static struct seen {
    int rc[8];
    unsigned calls, drops, facts;
    int main_left;
    uint64_t end;
    char said[256];
    sem_t go, began, dropped;
} * seen;

static leash_loop_t loop;
static bool no_threads;

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg)
{
    return no_threads ? EAGAIN : __real_pthread_create(thread, attributes, fn, arg);
}

static void assert_exits(void (*scenario)(void), int code)
{
    int status = -1;
    memset(seen, 0, sizeof *seen);
    sem_init(&seen->go, 1, 0);
    sem_init(&seen->began, 1, 0);
    sem_init(&seen->dropped, 1, 0);
    pid_t child = fork();
    if (child == 0) {
        scenario();
        exit(0);
    }
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), code);
}

static int run_with(leash_fn_t fn, unsigned threads, double timeout)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.threads = threads;
    options.cleanup_timeout = timeout;
    return run_options(fn, NULL, &options);
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0)
        ;
}

static int calls(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&seen->calls, 1, __ATOMIC_RELAXED);
    return 0;
}

static int is_held(void *arg)
{
    sem_post(&seen->began);
    wait_for(&seen->go);
    return calls(arg);
}

static void drops(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&seen->drops, 1, __ATOMIC_RELAXED);
    sem_post(&seen->dropped);
}

/* ---- the end of leash_run ---- */

/* A done callback of main: the iteration that it is called in is the last before the clean-up. */
static void main_has_ended(void *handle, void *arg)
{
    (void)handle;
    (void)arg;
    __atomic_store_n(&seen->main_left, 1, __ATOMIC_RELAXED);
}

static int outlasts_main(void *arg)
{
    while (!__atomic_load_n(&seen->main_left, __ATOMIC_RELAXED))
        sched_yield();
    return calls(arg);
}

static void comes_late(void *handle, void *arg)
{
    (void)handle;
    seen->rc[0] = leash_to_thread_own(calls, arg, drops) ? 0 : -errno;
}

static int leaves_jobs(void *arg)
{
    leash_future_t first = leash_to_thread(outlasts_main, arg), second = leash_to_thread_own(calls, arg, drops);
    leash_future_t unwanted = leash_to_thread_own(calls, arg, drops);
    leash_detach(second);
    leash_cancel(unwanted, NULL);
    leash_add_done_callback(first, comes_late, arg);
    leash_sleep(0);
    leash_sleep(0); /* it has been taken back */
    leash_add_done_callback(leash_current_task(), main_has_ended, arg);
    return leash_detach(first);
}

static void end_with_jobs(void)
{
    sink_on(false);
    seen->rc[1] = run_with(leaves_jobs, 1, 0);
    seen->end = sink_find(LEASH_EV_LOOP_END, 0)->b;
}

/* shutdown_default_executor: what was given away is done, also what still waits. */
static void test_the_end_waits_for_jobs(void **state)
{
    (void)state;
    assert_exits(end_with_jobs, 0);
    assert_int_equal(seen->rc[1], 0);
    assert_int_equal(seen->end, LEASH_LOOP_COMPLETE);
    assert_int_equal(seen->calls, 2);
    assert_int_equal(seen->rc[0], -ESHUTDOWN); /* a done callback that wants one more */
    assert_int_equal(seen->drops, 2);          /* the late one's argument, the cancelled one's */
}

static int returns_late(void *arg)
{
    int rc = is_held(arg);
    return rc < 0 ? rc : leash_return_own(seen, drops);
}

static int leaves_a_stubborn_one(void *arg)
{
    leash_future_t first = leash_to_thread(returns_late, arg), second = leash_to_thread_own(calls, arg, drops);
    leash_detach(second);
    wait_for(&seen->began);
    return leash_detach(first);
}

static void read_back(int fd)
{
    ssize_t n = pread(fd, seen->said, sizeof seen->said - 1, 0);
    seen->said[n > 0 ? n : 0] = '\0';
}

static void end_with_a_stubborn_one(void)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    char name[] = "/tmp/leash-said-XXXXXX";
    int said = mkstemp(name), kept = dup(STDERR_FILENO);
    unlink(name);
    dup2(said, STDERR_FILENO);
    options.threads = 1;
    options.cleanup_timeout = 0.02;
    options.virtual_time = options.report = 1;
    options.scan = 0;
    sink_on(false);
    seen->rc[0] = leash_run_with(leash_coro(leaves_a_stubborn_one, NULL), &options, NULL);
    dup2(kept, STDERR_FILENO);
    read_back(said);
    seen->end = sink_find(LEASH_EV_LOOP_END, 0)->b;
    seen->rc[1] = (int)seen->drops; /* of the one that no thread had begun */
    seen->rc[2] = (int)seen->calls;
    sem_post(&seen->go);
    wait_for(&seen->dropped);
    wait_for(&seen->dropped); /* the result that came too late */
    seen->rc[3] = run_with(calls, 1, 0);
}

static void test_jobs_that_do_not_end_are_given_up(void **state)
{
    (void)state;
    assert_exits(end_with_a_stubborn_one, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->end, LEASH_LOOP_STUBBORN);
    assert_non_null(strstr(seen->said, "thread job returns_late ("));
    assert_non_null(strstr(seen->said, "did not end after main; given up"));
    assert_int_equal(seen->rc[1], 1);
    assert_int_equal(seen->rc[2], 0);
    assert_int_equal(seen->rc[3], 0);
    assert_int_equal(seen->calls, 2);
}

static void began(void *arg)
{
    (void)arg;
    sem_post(&seen->began);
}

static int interrupts_twice(void *arg)
{
    while (!__atomic_load_n(&seen->main_left, __ATOMIC_RELAXED))
        sched_yield();
    kill(getpid(), SIGINT);
    leash_call_soon_threadsafe(loop, began, NULL);
    wait_for(&seen->began); /* the loop's thread has had the signal: two that wait would be one */
    kill(getpid(), SIGINT);
    return is_held(arg);
}

static int leaves_one_that_interrupts(void *arg)
{
    loop = leash_running_loop();
    leash_add_done_callback(leash_current_task(), main_has_ended, arg);
    return leash_detach(leash_to_thread(interrupts_twice, arg));
}

static void end_by_a_second_interrupt(void)
{
    signal(SIGINT, SIG_DFL); /* a shell may have it ignored */
    sink_on(false);
    seen->rc[0] = run_with(leaves_one_that_interrupts, 0, 3600);
    seen->end = sink_find(LEASH_EV_LOOP_END, 0)->b;
}

static void test_a_second_interrupt_ends_the_wait(void **state)
{
    (void)state;
    assert_exits(end_by_a_second_interrupt, 0);
    assert_int_equal(seen->rc[0], -EINTR);
    assert_int_equal(seen->end, LEASH_LOOP_INTERRUPTED);
}

static void note(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    (void)handle;
    (void)arg;
    if (kind == LEASH_SUBJECT_FUTURE)
        seen->facts |= facts;
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "nobody looks");
}

static int does_not_look(void *arg)
{
    leash_future_t job = leash_to_thread(fails, arg);
    (void)job;
    return 0;
}

static void fail_unseen(void)
{
    leash__judge_hook(note, NULL);
    seen->rc[0] = run_virtual(does_not_look, NULL);
}

static void test_a_failure_that_nobody_looks_at(void **state)
{
    (void)state;
    assert_exits(fail_unseen, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->facts, LEASH_FACT_UNRETRIEVED);
}

/* ---- exit ---- */

static int outlasts_the_program(void *arg)
{
    sem_post(&seen->began);
    while (leash__pool_ready(1, 60) != -ESHUTDOWN)
        sched_yield();
    return calls(arg);
}

static void looks_back(void)
{
    seen->rc[0] = (int)seen->calls;
}

static int exits_with_jobs(void *arg)
{
    leash_future_t first = leash_to_thread(outlasts_the_program, arg), second = leash_to_thread(calls, arg);
    (void)first;
    (void)second;
    wait_for(&seen->began);
    exit(3);
}

static void exit_with_jobs(void)
{
    atexit(looks_back); /* called when it has ended */
    run_with(exits_with_jobs, 1, 0);
}

static void test_exit_waits_for_what_is_being_done(void **state)
{
    (void)state;
    assert_exits(exit_with_jobs, 3);
    assert_int_equal(seen->rc[0], 1);
    assert_int_equal(seen->calls, 1); /* what waited is not begun */
}

static int exits_with_a_job_for_ever(void *arg)
{
    leash_future_t job = leash_to_thread(is_held, arg);
    (void)job;
    wait_for(&seen->began);
    exit(4);
}

static void exit_with_a_job_for_ever(void)
{
    run_with(exits_with_a_job_for_ever, 0, 0.02);
}

static void test_exit_waits_no_longer_than_the_clean_up(void **state)
{
    (void)state;
    assert_exits(exit_with_a_job_for_ever, 4);
    assert_int_equal(seen->calls, 0);
}

static int exits(void *arg)
{
    (void)arg;
    exit(5);
}

static int awaits_an_exit(void *arg)
{
    return leash_await(leash_to_thread(exits, arg), NULL);
}

static void exit_in_a_job(void)
{
    run_virtual(awaits_an_exit, NULL);
}

static void test_a_job_may_exit(void **state)
{
    (void)state;
    assert_exits(exit_in_a_job, 5);
}

static int awaits_a_job(void *arg)
{
    return leash_await(leash_to_thread(calls, arg), NULL);
}

static void runs_late(void)
{
    seen->rc[0] = run_virtual(awaits_a_job, NULL);
    seen->rc[1] = run_virtual(awaits_a_job, NULL);
}

static void jobs_in_a_handler(void)
{
    atexit(runs_late);
    seen->rc[2] = run_virtual(awaits_a_job, NULL);
}

static void test_jobs_in_exit_handlers(void **state)
{
    (void)state;
    assert_exits(jobs_in_a_handler, 0);
    assert_int_equal(seen->rc[0] | seen->rc[1] | seen->rc[2], 0);
    assert_int_equal(seen->calls, 3);
}

/* ---- fork ---- */

static int awaits_held_jobs(void *arg)
{
    leash_future_t first = leash_to_thread(is_held, arg), second = leash_to_thread(is_held, arg);
    return leash_gather_wait(NULL, first, second);
}

static void *runs_held_jobs(void *arg)
{
    (void)arg;
    seen->rc[0] = run_with(awaits_held_jobs, 1, 0);
    return NULL;
}

static void fork_beside_jobs(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, runs_held_jobs, NULL);
    wait_for(&seen->began);
    pid_t child = fork();
    if (child == 0) {
        int rc = leash_after_fork();
        rc = rc < 0 ? rc : run_with(awaits_a_job, 1, 0);
        exit(rc < 0 ? 1 : 0);
    }
    waitpid(child, &seen->rc[1], 0);
    sem_post(&seen->go);
    sem_post(&seen->go);
    pthread_join(thread, NULL);
}

static void test_a_forked_child_has_a_pool_of_its_own(void **state)
{
    (void)state;
    if (TSAN || ASAN)
        skip();
    assert_exits(fork_beside_jobs, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->rc[1], 0);
    assert_int_equal(seen->calls, 3);
}

static int forks(void *arg)
{
    int status = -1;
    pid_t child = fork();
    leash_return_own(arg, drops);
    if (child == 0)
        return 7; /* nobody waits for that here */
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -EPROTO;
}

static int awaits_a_fork(void *arg)
{
    return leash_await(leash_to_thread(forks, arg), NULL);
}

static void fork_in_a_job(void)
{
    seen->rc[0] = run_virtual(awaits_a_fork, NULL);
}

static void test_a_child_that_a_job_forks_ends_with_it(void **state)
{
    (void)state;
    if (TSAN || ASAN)
        skip();
    assert_exits(fork_in_a_job, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->drops, 1); /* in the parent */
}

static int gives_a_job_in_the_child(void *arg)
{
    int status = -1;
    pid_t child = fork();
    if (child == 0)
        _exit(leash_to_thread_own(calls, arg, drops) == NULL && errno == ECHILD ? 0 : 1);
    waitpid(child, &status, 0);
    return status;
}

static void fork_in_a_task(void)
{
    seen->rc[0] = run_virtual(gives_a_job_in_the_child, NULL);
}

static void test_a_dead_loop_gives_no_jobs(void **state)
{
    (void)state;
    assert_exits(fork_in_a_task, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->drops, 1);
    assert_int_equal(seen->calls, 0);
}

/* ---- no threads ---- */

static int has_no_thread(void *arg)
{
    no_threads = true;
    seen->rc[0] = leash_to_thread_own(calls, arg, drops) ? 0 : -errno;
    snprintf(seen->said, sizeof seen->said, "%s", leash_last_error());
    no_threads = false;
    return leash_await(leash_to_thread(calls, arg), NULL);
}

static void no_first_thread(void)
{
    seen->rc[1] = run_virtual(has_no_thread, NULL);
}

static void test_no_thread(void **state)
{
    (void)state;
    assert_exits(no_first_thread, 0);
    assert_int_equal(seen->rc[0], -EAGAIN);
    assert_string_equal(seen->said,
                        "leash_to_thread_own: no thread can be made for it: Resource temporarily unavailable");
    assert_int_equal(seen->rc[1], 0);
    assert_int_equal(seen->drops, 1);
    assert_int_equal(seen->calls, 1);
}

static int has_one_thread(void *arg)
{
    leash_future_t first = leash_to_thread(is_held, arg);
    wait_for(&seen->began);
    no_threads = true;
    leash_future_t second = leash_to_thread(calls, arg), third = leash_to_thread(calls, arg);
    sem_post(&seen->go);
    return leash_gather_wait(NULL, first, second, third);
}

static void no_second_thread(void)
{
    seen->rc[0] = run_virtual(has_one_thread, NULL);
}

static void test_one_thread_does_it_all(void **state)
{
    (void)state;
    assert_exits(no_second_thread, 0);
    assert_int_equal(seen->rc[0], 0);
    assert_int_equal(seen->calls, 3);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_end_waits_for_jobs),
        cmocka_unit_test(test_jobs_that_do_not_end_are_given_up),
        cmocka_unit_test(test_a_second_interrupt_ends_the_wait),
        cmocka_unit_test(test_a_failure_that_nobody_looks_at),
        cmocka_unit_test(test_exit_waits_for_what_is_being_done),
        cmocka_unit_test(test_exit_waits_no_longer_than_the_clean_up),
        cmocka_unit_test(test_a_job_may_exit),
        cmocka_unit_test(test_jobs_in_exit_handlers),
        cmocka_unit_test(test_a_forked_child_has_a_pool_of_its_own),
        cmocka_unit_test(test_a_child_that_a_job_forks_ends_with_it),
        cmocka_unit_test(test_a_dead_loop_gives_no_jobs),
        cmocka_unit_test(test_no_thread),
        cmocka_unit_test(test_one_thread_does_it_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
