/* leash_signal_wait, leash_signal_open and its like, leash_add_signal_handler. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

static struct seen {
    int rc[8];
    unsigned woken, calls;
    char order[16];
    leash_signal_t signal;
} seen;

static volatile sig_atomic_t own_calls;

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    own_calls = 0;
    return 0;
}

static void own_handler(int number)
{
    (void)number;
    own_calls++;
}

static void (*handler_of(int number))(int)
{
    struct sigaction now;
    sigaction(number, NULL, &now);
    return now.sa_handler;
}

static void raises(void *arg)
{
    raise(*(int *)arg);
}

static int hangup = SIGHUP, usr1 = SIGUSR1, interrupt = SIGINT;

/* ---- waiting ---- */

static int waits(void *arg)
{
    int rc = leash_signal_wait(SIGHUP);
    seen.order[seen.woken++] = *(const char *)arg;
    return rc;
}

static int two_wait(void *arg)
{
    (void)arg;
    leash_task_t a = leash_create_task(leash_coro(waits, text("a"))),
                 b = leash_create_task(leash_coro(waits, text("b")));
    leash_sleep(0);
    leash_call_later(1, raises, &hangup);
    return leash_gather_wait(NULL, a, b);
}

static void test_a_signal_wakes_all_that_wait(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(two_wait, NULL), 0);
    assert_string_equal(seen.order, "ab");
    assert_true(handler_of(SIGHUP) == SIG_DFL);
}

static int between_two_waits(void *arg)
{
    (void)arg;
    leash_call_soon(raises, &hangup);
    seen.rc[0] = leash_signal_wait(SIGHUP);
    raise(SIGHUP); /* harmless, and lost */
    leash_sleep(1);
    leash_timeout_t scope = leash_timeout_begin(1);
    seen.rc[1] = leash_timeout_end(scope, leash_signal_wait(SIGHUP));
    leash_call_soon(raises, &hangup);
    return leash_signal_wait(SIGHUP);
}

static void test_what_comes_between_two_waits_is_lost(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(between_two_waits, NULL), 0);
    assert_int_equal(seen.rc[0], 0);
    assert_int_equal(seen.rc[1], -ETIMEDOUT);
}

static int is_cancelled(void *arg)
{
    leash_task_t a = leash_create_task(leash_coro(waits, text("a"))),
                 b = leash_create_task(leash_coro(waits, text("b")));
    leash_sleep(0);
    leash_cancel(a, NULL);
    seen.rc[0] = leash_await(a, NULL);
    raise(SIGHUP);
    (void)arg;
    return leash_await(b, NULL);
}

static void test_cancellation(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(is_cancelled, NULL), 0);
    assert_int_equal(seen.rc[0], -ECANCELED);
    assert_string_equal(seen.order, "ab");
}

/* ---- handles ---- */

static int counts(void *arg)
{
    (void)arg;
    leash_signal_t signal = leash_signal_open(SIGHUP);
    for (int i = 0; i < 3; i++) {
        raise(SIGHUP);
        leash_sleep(1);
    }
    seen.rc[0] = leash_signal_next(signal);
    leash_call_soon(raises, &hangup);
    seen.rc[1] = leash_signal_next(signal);
    seen.rc[2] = leash_signal_close(signal);
    seen.rc[3] = leash_signal_next(signal);
    seen.rc[4] = leash_signal_close(signal);
    seen.rc[5] = handler_of(SIGHUP) == SIG_DFL;
    return 0;
}

static void test_a_handle_counts(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(counts, NULL), 0);
    assert_int_equal(seen.rc[0], 3);
    assert_int_equal(seen.rc[1], 1);
    assert_int_equal(seen.rc[2], 0);
    assert_int_equal(seen.rc[3], -ESTALE);
    assert_int_equal(seen.rc[4], -ESTALE);
    assert_int_equal(seen.rc[5], 1);
}

static int next_one(void *arg)
{
    int rc = leash_signal_next(seen.signal);
    if (rc > 0)
        seen.order[seen.woken++] = *(const char *)arg;
    return rc;
}

static int two_want_the_next(void *arg)
{
    (void)arg;
    seen.signal = leash_signal_open(SIGHUP);
    leash_task_t a = leash_create_task(leash_coro(next_one, text("a"))),
                 b = leash_create_task(leash_coro(next_one, text("b")));
    leash_sleep(0);
    seen.rc[0] = leash_signal_close(seen.signal);
    raise(SIGHUP);
    seen.rc[1] = leash_await(a, NULL);
    seen.rc[2] = leash_done(b);
    raise(SIGHUP);
    seen.rc[3] = leash_await(b, NULL);
    return leash_signal_close(seen.signal);
}

static void test_the_first_that_waits_gets_it(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(two_want_the_next, NULL), 0);
    assert_int_equal(seen.rc[0], -EBUSY);
    assert_int_equal(seen.rc[1], 1);
    assert_int_equal(seen.rc[2], 0);
    assert_int_equal(seen.rc[3], 1);
    assert_string_equal(seen.order, "ab");
}

static leash_task_t first;

static void cancels_the_first(int number, void *arg)
{
    (void)number;
    (void)arg;
    leash_cancel(first, NULL);
}

/* The handle's task is woken by the signal, and is cancelled by its handler before it has run: the next one gets it. */
static int woken_and_cancelled(void *arg)
{
    (void)arg;
    seen.signal = leash_signal_open(SIGHUP);
    first = leash_create_task(leash_coro(next_one, text("a")));
    leash_task_t second = leash_create_task(leash_coro(next_one, text("b")));
    leash_sleep(0);
    leash_add_signal_handler(SIGHUP, cancels_the_first, NULL);
    raise(SIGHUP);
    seen.rc[0] = leash_await(second, NULL);
    seen.rc[1] = leash_await(first, NULL);
    return 0;
}

static void test_a_cancelled_task_loses_nothing(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(woken_and_cancelled, NULL), 0);
    assert_int_equal(seen.rc[0], 1);
    assert_int_equal(seen.rc[1], -ECANCELED);
    assert_string_equal(seen.order, "b");
}

/* ---- handlers ---- */

static void is_called(int number, void *arg)
{
    seen.calls += number == SIGHUP;
    if (arg)
        leash_future_set_result(*(leash_future_t *)arg, NULL);
}

static void is_replaced(int number, void *arg)
{
    (void)number;
    (void)arg;
    seen.calls = 100;
}

static void takes_itself_back(int number, void *arg)
{
    seen.calls++;
    seen.rc[6] = leash_remove_signal_handler(number);
    leash_future_set_result(*(leash_future_t *)arg, NULL);
}

static int handles(void *arg)
{
    leash_future_t called = leash_future(), again = leash_future();
    (void)arg;
    seen.rc[0] = leash_add_signal_handler(SIGHUP, is_replaced, NULL);
    seen.rc[1] = leash_add_signal_handler(SIGHUP, is_called, &called); /* in place of that */
    raise(SIGHUP);
    raise(SIGHUP);
    seen.rc[2] = leash_await(called, NULL);
    leash_sleep(1);
    seen.rc[7] = (int)seen.calls;
    leash_add_signal_handler(SIGHUP, takes_itself_back, &again);
    raise(SIGHUP);
    raise(SIGHUP);
    seen.rc[3] = leash_await(again, NULL);
    seen.rc[4] = leash_remove_signal_handler(SIGHUP);
    seen.rc[5] = handler_of(SIGHUP) == SIG_DFL;
    return leash_sleep(1);
}

static void test_handlers(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(handles, NULL), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(seen.rc[i], 0);
    assert_int_equal(seen.rc[5], 1);
    assert_int_equal(seen.rc[6], 1);
    assert_int_equal(seen.rc[7], 2); /* a call each */
    assert_int_equal(seen.calls, 3);
}

static int leaves_a_handler(void *arg)
{
    raise(SIGHUP);
    return leash_add_signal_handler(SIGHUP, is_called, arg);
}

static int ends_with_a_handler(void *arg)
{
    int rc = leash_add_signal_handler(SIGHUP, is_called, NULL);
    raise(SIGHUP);
    (void)arg;
    return rc;
}

static void test_the_end_of_the_loop_gives_the_signal_back(void **state)
{
    (void)state;
    signal(SIGHUP, own_handler);
    assert_int_equal(run_virtual(leaves_a_handler, NULL), 0);
    assert_int_equal(own_calls, 1);
    assert_true(handler_of(SIGHUP) == own_handler);
    assert_int_equal(run_virtual(two_wait, NULL), 0);
    assert_int_equal(own_calls, 1);
    assert_true(handler_of(SIGHUP) == own_handler);
    signal(SIGHUP, SIG_IGN);
    assert_int_equal(run_virtual(ends_with_a_handler, NULL), 0);
    assert_true(handler_of(SIGHUP) == SIG_IGN);
    signal(SIGHUP, SIG_DFL);
}

/* ---- leash's own signals ---- */

static int run_with_sigint(leash_fn_t fn)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.sigint = 1;
    return run_options(fn, NULL, &options);
}

static int waits_for_sigint(void *arg)
{
    (void)arg;
    leash_call_soon(raises, &interrupt);
    seen.rc[0] = leash_signal_wait(SIGINT);
    raise(SIGINT);
    raise(SIGINT);
    return leash_sleep(1);
}

static int gives_sigint_up(void *arg)
{
    (void)arg;
    leash_signal_t signal = leash_signal_open(SIGINT);
    raise(SIGINT);
    seen.rc[0] = leash_signal_next(signal);
    leash_signal_close(signal);
    seen.rc[1] = handler_of(SIGINT) == SIG_DFL; /* as asyncio: leash_run does not take it back */
    return 0;
}

static void test_sigint_is_the_programs(void **state)
{
    (void)state;
    signal(SIGINT, SIG_DFL);
    assert_int_equal(run_with_sigint(waits_for_sigint), 0);
    assert_int_equal(seen.rc[0], 0);
    assert_true(handler_of(SIGINT) == SIG_DFL);
    assert_int_equal(run_with_sigint(gives_sigint_up), 0);
    assert_int_equal(seen.rc[0], 1);
    assert_int_equal(seen.rc[1], 1);
    assert_true(handler_of(SIGINT) == SIG_DFL);
}

static int waits_for_usr1(void *arg)
{
    (void)arg;
    leash_call_soon(raises, &usr1);
    return leash_signal_wait(SIGUSR1);
}

static void test_so_is_the_signal_that_asks_for_dumps(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.dump = 1;
    assert_int_equal(run_options(waits_for_usr1, NULL, &options), 0);
    assert_true(handler_of(SIGUSR1) == SIG_DFL);
}

/* ---- standstill, threads ---- */

static void *kills(void *arg)
{
    (void)arg;
    kill(getpid(), SIGHUP);
    return NULL;
}

static int is_woken_from_outside(void *arg)
{
    pthread_t thread;
    leash_signal_t signal = leash_signal_open(SIGHUP); /* caught before it can come */
    (void)arg;
    pthread_create(&thread, NULL, kills, NULL);
    int rc = leash_signal_next(signal);
    pthread_join(thread, NULL);
    return rc;
}

static void test_a_loop_sleeps_until_it_comes(void **state)
{
    (void)state;
    for (int virtual_time = 0; virtual_time < 2; virtual_time++) {
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.virtual_time = virtual_time;
        assert_int_equal(run_options(is_woken_from_outside, NULL, &options), 1);
    }
}

static int nobody_waits(void *arg)
{
    (void)arg;
    seen.signal = leash_signal_open(SIGHUP);
    leash_timeout_t scope = leash_timeout_begin(1);
    seen.rc[0] = leash_timeout_end(scope, leash_signal_wait(SIGHUP)); /* keeps the signal, but is over */
    return leash_await(leash_future(), NULL);
}

static void test_a_signal_that_nobody_waits_for_is_no_hope(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(nobody_waits, NULL), -EDEADLK);
    assert_int_equal(seen.rc[0], -ETIMEDOUT);
}

struct loop {
    pthread_t thread;
    pthread_barrier_t *both;
    int rc;
};

static int waits_in_its_loop(void *arg)
{
    struct loop *loop = arg;
    leash_signal_t signal = leash_signal_open(SIGHUP);
    pthread_barrier_wait(loop->both);
    return leash_signal_next(signal);
}

static void *runs_a_loop(void *arg)
{
    struct loop *loop = arg;
    loop->rc = run_virtual(waits_in_its_loop, loop);
    return NULL;
}

static void test_each_loop_learns_of_it(void **state)
{
    pthread_barrier_t both;
    struct loop loops[2] = {{.both = &both}, {.both = &both}};
    (void)state;
    pthread_barrier_init(&both, NULL, 3);
    for (int i = 0; i < 2; i++)
        pthread_create(&loops[i].thread, NULL, runs_a_loop, &loops[i]);
    pthread_barrier_wait(&both);
    kill(getpid(), SIGHUP);
    for (int i = 0; i < 2; i++) {
        pthread_join(loops[i].thread, NULL);
        assert_int_equal(loops[i].rc, 1);
    }
    pthread_barrier_destroy(&both);
    assert_true(handler_of(SIGHUP) == SIG_DFL);
}

/* ---- fork ---- */

static int forks_for(int (*child)(void))
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0)
        _exit(child());
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int dies(void)
{
    raise(SIGHUP);
    return 0;
}

static int waits_anew(void)
{
    int rc = leash_after_fork();
    rc = rc < 0 ? rc : run_virtual(two_wait, NULL);
    return rc < 0 ? 1 : 0;
}

static int forks_while_it_waits(void *arg)
{
    (void)arg;
    seen.signal = leash_signal_open(SIGHUP);
    seen.rc[0] = forks_for(dies);
    leash_timeout_t scope = leash_timeout_begin(1);
    seen.rc[1] = leash_timeout_end(scope, leash_signal_next(seen.signal)); /* it was the child's alone */
    raise(SIGHUP);
    return leash_signal_next(seen.signal);
}

static void *forks_beside(void *arg)
{
    (void)arg;
    seen.rc[2] = forks_for(waits_anew);
    return NULL;
}

static int forks_in_another_thread(void *arg)
{
    pthread_t thread;
    (void)arg;
    seen.signal = leash_signal_open(SIGHUP);
    pthread_create(&thread, NULL, forks_beside, NULL);
    pthread_join(thread, NULL);
    raise(SIGHUP);
    return leash_signal_next(seen.signal);
}

static void test_fork(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(forks_while_it_waits, NULL), 1);
    assert_int_equal(seen.rc[0], 128 + SIGHUP);
    assert_int_equal(seen.rc[1], -ETIMEDOUT);
    assert_int_equal(run_virtual(forks_in_another_thread, NULL), 1);
    assert_int_equal(seen.rc[2], 0);
}

/* ---- misuse, and what is told ---- */

static int misuses(void *arg)
{
    static const int never[] = {SIGKILL, SIGSTOP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, 0, -1, NSIG, 32, 1000};
    leash_lock_t lock = LEASH_LOCK_INIT("lock");
    (void)arg;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        seen.calls += leash_signal_wait(never[i]) == -EINVAL;
        seen.calls += leash_signal_open(never[i]) == NULL && errno == EINVAL;
        seen.calls += leash_add_signal_handler(never[i], is_called, NULL) == -EINVAL;
        seen.calls += leash_remove_signal_handler(never[i]) == 0;
    }
    seen.rc[0] = leash_add_signal_handler(SIGHUP, NULL, NULL);
    seen.rc[1] = leash_signal_next(NULL);
    leash_lock_acquire(&lock);
    seen.rc[2] = leash_signal_next(lock.object.state);
    leash_lock_release(&lock);
    return seen.calls == 4 * sizeof never / sizeof *never ? 0 : -EPROTO;
}

static void test_misuse(void **state)
{
    (void)state;
    assert_int_equal(leash_signal_wait(SIGHUP), -EPERM);
    assert_null(leash_signal_open(SIGHUP));
    assert_int_equal(errno, EPERM);
    assert_int_equal(leash_add_signal_handler(SIGHUP, is_called, NULL), -EPERM);
    assert_int_equal(leash_remove_signal_handler(SIGHUP), -EPERM);
    assert_int_equal(run_virtual(misuses, NULL), 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(seen.rc[i], -EINVAL);
}

static int is_told_of(void *arg)
{
    (void)arg;
    leash_call_soon(raises, &hangup);
    int rc = leash_signal_wait(SIGHUP);
    seen.signal = leash_signal_open(SIGRTMIN + 1);
    raise(SIGRTMIN + 1);
    leash_signal_next(seen.signal);
    leash_signal_close(seen.signal);
    return rc;
}

static void test_events(void **state)
{
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(is_told_of, NULL), 0);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0);
    assert_int_equal(made->b, LEASH_OBJECT_SIGNAL);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, "SIGHUP");
    assert_string_equal(sink_find(LEASH_EV_NAME, 1)->text, "SIGRTMIN+1");
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_find(LEASH_EV_NOTIFIED, 0)->a, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_NOTIFIED), 2);
    assert_int_equal(sink_find(LEASH_EV_OBJECT_DONE, 0)->a, sink_find(LEASH_EV_OBJECT, 1)->a);
    sink_off();
}

static int dumps(void *arg)
{
    char *words = NULL;
    size_t size;
    leash_task_t task = leash_create_task(leash_coro(waits, text("a")));
    (void)arg;
    leash_sleep(0);
    FILE *to = open_memstream(&words, &size);
    leash_dump(to);
    fclose(to);
    seen.rc[0] = strstr(words, "for signal \"SIGHUP\" at ") != NULL;
    free(words);
    raise(SIGHUP);
    return leash_await(task, NULL);
}

static void test_dump(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(dumps, NULL), 0);
    assert_int_equal(seen.rc[0], 1);
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(test_a_signal_wakes_all_that_wait),
        TEST(test_what_comes_between_two_waits_is_lost),
        TEST(test_cancellation),
        TEST(test_a_handle_counts),
        TEST(test_the_first_that_waits_gets_it),
        TEST(test_a_cancelled_task_loses_nothing),
        TEST(test_handlers),
        TEST(test_the_end_of_the_loop_gives_the_signal_back),
        TEST(test_sigint_is_the_programs),
        TEST(test_so_is_the_signal_that_asks_for_dumps),
        TEST(test_a_loop_sleeps_until_it_comes),
        TEST(test_a_signal_that_nobody_waits_for_is_no_hope),
        TEST(test_each_loop_learns_of_it),
        TEST(test_fork),
        TEST(test_misuse),
        TEST(test_events),
        TEST(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
