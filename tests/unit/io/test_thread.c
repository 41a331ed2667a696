/* leash_to_thread: outcomes, threads, cancellation, what works inside a job. Ends of loops and processes are in
 * test_thread_end.c. */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

enum { JOBS = 40 };

static struct seen {
    int rc[8];
    long result;
    unsigned calls, drops, inside, most_inside, threads;
    pid_t tids[JOBS];
    char text[64];
    leash_loop_t loop;
    leash_future_t future;
    sem_t go, began;
} seen;

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    sem_init(&seen.go, 0, 0);
    sem_init(&seen.began, 0, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sem_destroy(&seen.go);
    sem_destroy(&seen.began);
    return 0;
}

static int run_with_threads(leash_fn_t fn, unsigned threads)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.threads = threads;
    return run_options(fn, NULL, &options);
}

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) < 0)
        ;
}

/* ---- jobs ---- */

static int calls(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&seen.calls, 1, __ATOMIC_RELAXED);
    return 0;
}

/* Tells that it began, and ends when it is told to. */
static int is_held(void *arg)
{
    (void)arg;
    sem_post(&seen.began);
    wait_for(&seen.go);
    return calls(NULL);
}

static void drops(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&seen.drops, 1, __ATOMIC_RELAXED);
}

static int is_held_and_returns(void *arg)
{
    int rc = is_held(arg);
    return rc < 0 ? rc : leash_return_own(&seen, drops);
}

/* ---- outcomes ---- */

static int returns_seven(void *arg)
{
    *(pid_t *)arg = gettid();
    return 7;
}

static int awaits_seven(void *arg)
{
    (void)arg;
    return leash_await(leash_to_thread(returns_seven, &seen.tids[0]), NULL);
}

static void test_a_job_runs_on_another_thread(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(awaits_seven, NULL), 7);
    assert_int_not_equal(seen.tids[0], gettid());
    assert_int_not_equal(seen.tids[0], 0);
}

static int returns_a_copy(void *arg)
{
    return leash_return_copy(arg, sizeof(long));
}

static int returns_itself(void *arg)
{
    leash_return_copy("replaced", 9);
    return leash_return(arg);
}

static int returns_what_it_owns(void *arg)
{
    return leash_return_own(arg, drops);
}

static int awaits_results(void *arg)
{
    void *copy = NULL, *plain = NULL, *owned = NULL;
    long number = 42;
    (void)arg;
    seen.rc[0] = leash_await(leash_to_thread_copy(returns_a_copy, &number, sizeof number), &copy);
    seen.result = copy ? *(long *)copy : 0; /* as of a task: until this one suspends */
    seen.rc[1] = leash_await(leash_to_thread(returns_itself, &seen), &plain);
    seen.rc[2] = leash_await(leash_to_thread(returns_what_it_owns, &seen), &owned);
    return plain == &seen && owned == &seen && seen.drops == 0 ? 0 : -EPROTO;
}

static void test_results(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(awaits_results, NULL), 0);
    assert_int_equal(seen.rc[0] | seen.rc[1] | seen.rc[2], 0);
    assert_int_equal(seen.result, 42);
    assert_int_equal(seen.drops, 1);
}

static int fails(void *arg)
{
    leash_return_own(arg, drops); /* dropped: it fails after all */
    return leash_fail(-EIO, "disk %d is gone", 3);
}

static int fails_without_words(void *arg)
{
    (void)arg;
    leash_fail(-EIO, "not this one");
    return -ENOENT;
}

static int awaits_failures(void *arg)
{
    struct leash_failure failure = {0}, plain = {0};
    (void)arg;
    leash_future_t first = leash_to_thread(fails, NULL), second = leash_to_thread(fails_without_words, NULL);
    seen.rc[0] = leash_await(first, NULL);
    leash_failure(first, &failure);
    snprintf(seen.text, sizeof seen.text, "%s", failure.message);
    seen.rc[1] = failure.line > 0;
    seen.rc[2] = leash_await(second, NULL);
    leash_failure(second, &plain);
    seen.rc[3] = *plain.message;
    return leash_await(leash_to_thread(fails, NULL), NULL); /* passed on, as any failure */
}

static void test_failures(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(awaits_failures, NULL), -EIO);
    assert_int_equal(seen.rc[0], -EIO);
    assert_string_equal(seen.text, "disk 3 is gone");
    assert_int_equal(seen.rc[1], 1);
    assert_int_equal(seen.rc[2], -ENOENT);
    assert_int_equal(seen.rc[3], 0);
    assert_int_equal(seen.drops, 2);
}

/* ---- threads ---- */

static int notes_who_is_inside(void *arg)
{
    unsigned inside = __atomic_add_fetch(&seen.inside, 1, __ATOMIC_RELAXED);
    unsigned most = __atomic_load_n(&seen.most_inside, __ATOMIC_RELAXED);
    while (inside > most &&
           !__atomic_compare_exchange_n(&seen.most_inside, &most, inside, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        ;
    *(pid_t *)arg = gettid();
    for (int i = 0; i < 10; i++)
        sched_yield();
    calls(NULL);
    __atomic_sub_fetch(&seen.inside, 1, __ATOMIC_RELAXED);
    return 0;
}

static int gathers_many(void *arg)
{
    leash_awaitable_t jobs[JOBS];
    (void)arg;
    for (int i = 0; i < JOBS; i++)
        jobs[i] = leash_to_thread(notes_who_is_inside, &seen.tids[i]);
    return leash_gather_wait_array(jobs, JOBS, 0, NULL);
}

static void test_more_jobs_than_threads(void **state)
{
    (void)state;
    assert_int_equal(run_with_threads(gathers_many, 2), 0);
    assert_int_equal(seen.calls, JOBS);
    assert_true(seen.most_inside <= 2);
}

static int all_at_once(void *arg)
{
    leash_awaitable_t jobs[5];
    (void)arg;
    for (int i = 0; i < 5; i++)
        jobs[i] = leash_to_thread(is_held, NULL);
    for (int i = 0; i < 5; i++)
        wait_for(&seen.began); /* all are being done at the same time: one processor and four more */
    for (int i = 0; i < 5; i++)
        sem_post(&seen.go);
    return leash_gather_wait_array(jobs, 5, 0, NULL);
}

static void test_a_thread_each_while_there_are_enough(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(all_at_once, NULL), 0);
}

static int waits_for_its_thread(void *arg)
{
    (void)arg;
    for (int i = 0; i < 10; i++) {
        int rc = leash_await(leash_to_thread(notes_who_is_inside, &seen.tids[i]), NULL);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int threads_of_this_process(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    for (const struct dirent *entry; (entry = readdir(tasks));)
        count += entry->d_name[0] != '.';
    closedir(tasks);
    return count;
}

static void test_no_thread_is_made_while_one_is_free(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(awaits_seven, NULL), 7);
    int before = threads_of_this_process();
    assert_int_equal(run_virtual(waits_for_its_thread, NULL), 0);
    assert_int_equal(threads_of_this_process(), before);
}

static int looks_around(void *arg)
{
    sigset_t blocked;
    char name[16] = "";
    (void)arg;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    pthread_getname_np(pthread_self(), name, sizeof name);
    return strncmp(name, "leash-job-", 10) == 0 && sigismember(&blocked, SIGINT) && sigismember(&blocked, SIGUSR1) &&
                   sigismember(&blocked, SIGRTMIN) && !sigismember(&blocked, SIGSEGV)
               ? 0
               : -EPROTO;
}

static int awaits_a_look(void *arg)
{
    return leash_await(leash_to_thread(looks_around, arg), NULL);
}

static void test_threads_have_names_and_block_signals(void **state)
{
    sigset_t blocked;
    (void)state;
    assert_int_equal(run_virtual(awaits_a_look, NULL), 0);
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    assert_int_equal(sigismember(&blocked, SIGINT), 0); /* the loop's thread does not */
}

/* ---- cancellation ---- */

static int cancels_what_waits(void *arg)
{
    (void)arg;
    leash_future_t first = leash_to_thread(is_held, NULL), second = leash_to_thread_own(calls, NULL, drops);
    wait_for(&seen.began);
    seen.rc[0] = leash_cancel(second, "not needed");
    seen.rc[1] = leash_cancelled(second);
    snprintf(seen.text, sizeof seen.text, "%s", leash_cancel_message(second));
    seen.rc[2] = leash_await(second, NULL);
    leash_sleep(0);
    leash_sleep(0);
    seen.rc[3] = (int)seen.drops; /* taken back, though the first still runs */
    sem_post(&seen.go);
    return leash_await(first, NULL);
}

static void test_a_job_that_waits_is_taken_back(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_with_threads(cancels_what_waits, 1), 0);
    assert_int_equal(seen.rc[0], 1);
    assert_int_equal(seen.rc[1], 1);
    assert_string_equal(seen.text, "not needed");
    assert_int_equal(seen.rc[2], -ECANCELED);
    assert_int_equal(seen.rc[3], 1);
    assert_int_equal(seen.calls, 1); /* the first */
    assert_int_equal(seen.drops, 1);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->a, sink_find(LEASH_EV_OBJECT, 1)->a);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, ECANCELED);
    sink_off();
}

static int cancels_what_is_done(void *arg)
{
    (void)arg;
    leash_future_t job = leash_to_thread(is_held_and_returns, NULL);
    wait_for(&seen.began);
    seen.rc[0] = leash_cancel(job, NULL);
    seen.rc[1] = leash_await(job, NULL); /* at once */
    leash_sleep(0);
    seen.rc[2] = (int)seen.calls;
    sem_post(&seen.go);
    return 0;
}

static void test_a_job_that_is_being_done_goes_on(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(cancels_what_is_done, NULL), 0);
    assert_int_equal(seen.rc[0], 1);
    assert_int_equal(seen.rc[1], -ECANCELED);
    assert_int_equal(seen.rc[2], 0);
    assert_int_equal(seen.calls, 1); /* leash_run has waited for it */
    assert_int_equal(seen.drops, 1); /* its result came, and nobody wanted it */
}

static int awaits_the_future(void *arg)
{
    (void)arg;
    return seen.rc[0] = leash_await(seen.future, NULL);
}

static int cancels_who_waits(void *arg)
{
    (void)arg;
    seen.future = leash_to_thread(is_held, NULL);
    leash_task_t task = leash_create_task(leash_coro(awaits_the_future, NULL));
    leash_sleep(0);
    wait_for(&seen.began);
    leash_cancel(task, NULL);
    seen.rc[1] = leash_await(task, NULL);
    seen.rc[2] = leash_cancelled(seen.future); /* passed on, as asyncio does */
    sem_post(&seen.go);
    return 0;
}

static void test_cancelling_who_waits_cancels_the_future(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(cancels_who_waits, NULL), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_int_equal(seen.rc[1], -ECANCELED);
    assert_int_equal(seen.rc[2], 1);
    assert_int_equal(seen.calls, 1);
}

static int cancels_for_who_waits(void *arg)
{
    (void)arg;
    seen.future = leash_to_thread(is_held, NULL);
    leash_task_t task = leash_create_task(leash_coro(awaits_the_future, NULL));
    leash_sleep(0);
    wait_for(&seen.began);
    leash_cancel(seen.future, NULL);
    leash_await(task, NULL);
    sem_post(&seen.go);
    return 0;
}

/* The job goes on, the wait does not: the trace must tell them apart. */
static void test_the_wait_for_a_cancelled_future_is_over(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(cancels_for_who_waits, NULL), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    const struct sink_event *awaited = sink_find(LEASH_EV_AWAIT_OBJECT, 0), *woken = sink_find(LEASH_EV_WAKE, 0);
    assert_int_equal(woken->a, awaited->a);
    assert_int_equal(woken->b, ECANCELED);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->b, 0);
    assert_true(woken < sink_find(LEASH_EV_OBJECT_DONE, 0));
    sink_off();
}

static int limits(void *arg)
{
    (void)arg;
    leash_future_t job = leash_to_thread(is_held, NULL), kept = leash_to_thread(is_held, NULL);
    wait_for(&seen.began);
    wait_for(&seen.began);
    seen.rc[0] = leash_wait_for(job, 0.001, NULL);
    seen.rc[1] = leash_wait_for(leash_shield(kept), 0.001, NULL);
    sem_post(&seen.go);
    sem_post(&seen.go);
    return leash_await(kept, NULL);
}

static void test_limits(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0; /* a virtual clock waits for the jobs */
    assert_int_equal(run_options(limits, NULL, &options), 0);
    assert_int_equal(seen.rc[0], -ETIMEDOUT);
    assert_int_equal(seen.rc[1], -ETIMEDOUT);
    assert_int_equal(seen.calls, 2);
}

/* ---- the clock ---- */

static int sleeps(void *arg)
{
    int rc = leash_sleep(3600);
    __atomic_store_n((int *)arg, 1, __ATOMIC_RELAXED);
    return rc;
}

/* Gives a clock that would jump all the time it needs to. */
static int waits_for_a_jump(void *arg)
{
    for (int i = 0; i < 100 && !__atomic_load_n((int *)arg, __ATOMIC_RELAXED); i++)
        usleep(100);
    return __atomic_load_n((int *)arg, __ATOMIC_RELAXED);
}

static int job_beside_a_sleeper(void *arg)
{
    leash_task_t sleeper = leash_create_task(leash_coro(sleeps, arg));
    leash_sleep(0);
    seen.rc[1] = leash_await(leash_to_thread(waits_for_a_jump, arg), NULL);
    seen.rc[2] = leash_time() == 0;
    int rc = leash_await(sleeper, NULL);
    seen.rc[3] = leash_time() == 3600;
    return rc;
}

static void test_the_virtual_clock_does_not_jump(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(job_beside_a_sleeper, &seen.rc[0]), 0);
    assert_int_equal(seen.rc[1], 0);
    assert_int_equal(seen.rc[2], 1);
    assert_int_equal(seen.rc[3], 1);
}

static void lets_go(void *arg)
{
    (void)arg;
    sem_post(&seen.go);
}

/* Nothing has to pass for a timer that is due already. */
static int a_timer_that_is_due(void *arg)
{
    (void)arg;
    leash_future_t job = leash_to_thread(is_held, NULL);
    leash_call_later(0, lets_go, NULL);
    return leash_await(job, NULL);
}

static void test_what_is_due_is_called_while_a_job_runs(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(a_timer_that_is_due, NULL), 0);
}

/* ---- inside a job ---- */

static struct leash_local request = LEASH_LOCAL_INIT, other = LEASH_LOCAL_INIT;

static int looks_at_values(void *arg)
{
    (void)arg;
    seen.rc[0] = leash_local_get(&request) == &seen;
    seen.rc[1] = leash_local_get(&other) == NULL;
    return leash_local_set(&request, NULL) | leash_local_set(&other, &seen); /* its own copy */
}

static int has_values(void *arg)
{
    (void)arg;
    leash_local_set(&request, &seen);
    leash_future_t job = leash_to_thread(looks_at_values, NULL);
    leash_local_set(&request, &request);
    int rc = leash_await(job, NULL);
    seen.rc[2] = leash_local_get(&request) == &request && leash_local_get(&other) == NULL;
    return rc;
}

static int has_no_values(void *arg)
{
    (void)arg;
    return leash_local_get(&request) == NULL && leash_local_get(&other) == NULL ? 0 : -EPROTO;
}

static int gives_values(void *arg)
{
    int rc = leash_await(leash_coro(has_values, arg), NULL);
    return rc < 0 ? rc : 0;
}

static int gives_none(void *arg)
{
    return leash_await(leash_to_thread(has_no_values, arg), NULL);
}

static void test_values(void **state)
{
    (void)state;
    assert_int_equal(run_with_threads(gives_values, 1), 0);
    assert_int_equal(seen.rc[0] & seen.rc[1] & seen.rc[2], 1);
    assert_int_equal(run_with_threads(gives_none, 1), 0);
}

static int tries_everything(void *arg)
{
    (void)arg;
    seen.rc[0] = leash_sleep(1);
    seen.rc[1] = leash_await(seen.future, NULL);
    seen.rc[2] = leash_future_set_result(seen.future, NULL);
    seen.rc[3] = leash_to_thread(calls, NULL) ? 0 : -errno;
    seen.rc[4] = leash_call_soon(drops, NULL) ? 0 : -errno;
    return leash_current_task() ? -EPROTO : 0;
}

static int refuses(void *arg)
{
    (void)arg;
    seen.future = leash_future();
    int rc = leash_await(leash_to_thread(tries_everything, NULL), NULL);
    leash_cancel(seen.future, NULL);
    return rc;
}

static void test_all_else_is_refused(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(refuses, NULL), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(seen.rc[i], -EPERM);
    assert_int_equal(seen.calls, 0);
}

static int is_run_there(void *arg)
{
    int rc = leash_sleep(0);
    return rc < 0 ? rc : leash_return(arg);
}

static void notes_a_call(void *arg)
{
    *(int *)arg = 1;
}

static int asks_the_loop(void *arg)
{
    void *result = NULL;
    (void)arg;
    seen.rc[0] = leash_call_soon_threadsafe(seen.loop, notes_a_call, &seen.rc[1]);
    struct leash_remote *remote = leash_run_coroutine_threadsafe(seen.loop, leash_coro(is_run_there, &seen));
    seen.rc[2] = leash_remote_result(remote, -1, &result);
    seen.rc[3] = result == &seen;
    leash_remote_free(remote);
    return 0;
}

static int is_asked(void *arg)
{
    (void)arg;
    seen.loop = leash_running_loop();
    return leash_await(leash_to_thread(asks_the_loop, NULL), NULL);
}

static void test_a_job_reaches_the_loop(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(is_asked, NULL, &options), 0);
    assert_int_equal(seen.rc[0], 0);
    assert_int_equal(seen.rc[1], 1);
    assert_int_equal(seen.rc[2], 0);
    assert_int_equal(seen.rc[3], 1);
}

static int runs_a_loop(void *arg)
{
    int rc = run_virtual(has_values, arg);
    return rc < 0 ? rc : leash_return_copy("both", 5); /* the job's again */
}

static int nests(void *arg)
{
    void *result = NULL;
    (void)arg;
    int rc = leash_await(leash_to_thread(runs_a_loop, NULL), &result);
    return rc == 0 && strcmp(result, "both") == 0 ? 0 : -EPROTO;
}

static void test_a_job_may_run_a_loop(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(nests, NULL), 0);
    assert_int_equal(seen.rc[0] & seen.rc[1] & seen.rc[2], 1);
}

/* Threads of the pool that have nothing to do wake nobody. */
static int knows_a_standstill(void *arg)
{
    int rc = leash_await(leash_to_thread(calls, NULL), NULL);
    leash_running_loop();
    return rc < 0 ? rc : leash_await(leash_future(), arg);
}

static void test_standstill(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(knows_a_standstill, NULL), -EDEADLK);
}

static int ends_its_thread(void *arg)
{
    leash_return_own(arg, drops);
    leash_local_set(&request, arg);
    pthread_exit(NULL);
}

static int loses_threads(void *arg)
{
    (void)arg;
    leash_future_t lost = leash_to_thread(ends_its_thread, NULL), next = leash_to_thread(calls, NULL);
    seen.rc[0] = leash_await(lost, NULL);
    seen.rc[1] = leash_await(next, NULL);
    return leash_await(leash_to_thread(returns_seven, &seen.tids[0]), NULL);
}

static void test_a_thread_that_is_ended_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(run_with_threads(loses_threads, 1), 7);
    assert_int_equal(seen.rc[0], -ESRCH);
    assert_int_equal(seen.rc[1], 0);
    assert_int_equal(seen.drops, 1);
    assert_int_equal(seen.calls, 1);
}

/* ---- misuse, and what is told ---- */

static int misuses(void *arg)
{
    (void)arg;
    seen.rc[0] = leash_to_thread(NULL, NULL) ? 0 : -errno;
    seen.rc[1] = leash_to_thread_own(NULL, NULL, drops) ? 0 : -errno;
    seen.rc[2] = leash_to_thread_copy(calls, NULL, 1) ? 0 : -errno;
    leash_future_t job = leash_to_thread(is_held, NULL);
    seen.rc[3] = leash_future_set_result(job, NULL);
    snprintf(seen.text, sizeof seen.text, "%s", leash_last_error());
    sem_post(&seen.go);
    return leash_await(job, NULL);
}

static void test_misuse(void **state)
{
    (void)state;
    assert_null(leash_to_thread_own(calls, NULL, drops));
    assert_int_equal(errno, EPERM);
    assert_int_equal(seen.drops, 1);
    assert_int_equal(run_virtual(misuses, NULL), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(seen.rc[i], -EINVAL);
    assert_int_equal(seen.drops, 2);
    assert_non_null(strstr(seen.text, "a job's future sets itself"));
}

static int waits_and_gathers(void *arg)
{
    (void)arg;
    leash_future_t one = leash_to_thread(calls, NULL), two = leash_to_thread(calls, NULL);
    int rc = leash_await(one, NULL);
    return rc < 0 ? rc : leash_gather_wait(NULL, two);
}

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(waits_and_gathers, NULL), 0);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0), *named = sink_find(LEASH_EV_NAME, 0);
    assert_int_equal(made->b, LEASH_OBJECT_THREAD_JOB);
    assert_int_equal(made->c, sink_find(LEASH_EV_LOOP_BEGIN, 0)->b);
    assert_int_equal(named->a, made->a);
    assert_string_equal(named->text, "calls");
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 3);
    assert_int_equal(sink_count_of(LEASH_EV_FUTURE_DONE), 3);
    const struct sink_event *child = sink_find(LEASH_EV_CHILD, 0);
    assert_int_equal(child->b, sink_find(LEASH_EV_OBJECT, 1)->a); /* the gather's member is the job */
    assert_int_equal(child->c, LEASH_SUBJECT_OBJECT);
    sink_off();
}

static int dumps(void *arg)
{
    (void)arg;
    char *words = NULL;
    size_t size;
    seen.future = leash_to_thread(is_held, NULL);
    leash_task_t task = leash_create_task(leash_coro(awaits_the_future, NULL));
    leash_sleep(0);
    FILE *to = open_memstream(&words, &size);
    leash_dump(to);
    fclose(to);
    seen.rc[1] = strstr(words, "for thread job is_held at ") != NULL;
    free(words);
    sem_post(&seen.go);
    return leash_await(task, NULL);
}

static void test_dump(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(dumps, NULL), 0);
    assert_int_equal(seen.rc[1], 1);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_a_job_runs_on_another_thread),
        TEST(test_results),
        TEST(test_failures),
        TEST(test_more_jobs_than_threads),
        TEST(test_a_thread_each_while_there_are_enough),
        TEST(test_no_thread_is_made_while_one_is_free),
        TEST(test_threads_have_names_and_block_signals),
        TEST(test_a_job_that_waits_is_taken_back),
        TEST(test_a_job_that_is_being_done_goes_on),
        TEST(test_cancelling_who_waits_cancels_the_future),
        TEST(test_the_wait_for_a_cancelled_future_is_over),
        TEST(test_limits),
        TEST(test_the_virtual_clock_does_not_jump),
        TEST(test_what_is_due_is_called_while_a_job_runs),
        TEST(test_values),
        TEST(test_all_else_is_refused),
        TEST(test_a_job_reaches_the_loop),
        TEST(test_a_job_may_run_a_loop),
        TEST(test_standstill),
        TEST(test_a_thread_that_is_ended_is_replaced),
        TEST(test_misuse),
        TEST(test_events),
        TEST(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
