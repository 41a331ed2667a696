/* SIGINT while a loop runs: the first cancels main, the second ends the run, and otherwise it is left alone. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "sink.h"

struct seen {
    int slept, cleaned, other;
    char message[32];
};

static int with_sigint(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.sigint = 1;
    return run_options(fn, arg, &options);
}

static void interrupt(void *arg)
{
    (void)arg;
    raise(SIGINT);
}

static int is_interrupted(void *arg)
{
    struct seen *seen = arg;
    leash_call_later(1, interrupt, NULL);
    seen->slept = leash_sleep(3600);
    snprintf(seen->message, sizeof seen->message, "%s", leash_cancel_message(leash_current_task()));
    return seen->slept;
}

static void test_the_first_cancels_main(void **state)
{
    struct seen seen = {0};
    struct sigaction now;
    (void)state;
    sink_on(false);
    assert_int_equal(with_sigint(is_interrupted, &seen), -EINTR);
    assert_int_equal(seen.slept, -ECANCELED);
    assert_string_equal(seen.message, "SIGINT");
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 0)->b, LEASH_LOOP_COMPLETE);
    assert_int_equal(sink_count_of(LEASH_EV_CANCEL_TASK), 1);
    sink_off();
    sigaction(SIGINT, NULL, &now);
    assert_true(now.sa_handler == SIG_DFL);
}

/* As asyncio: whoever swallows it, or was cancelled by somebody else too, has the last word. */
static int swallows(void *arg)
{
    return is_interrupted(arg) == -ECANCELED ? 7 : -EPROTO;
}

static void test_main_may_go_on(void **state)
{
    struct seen seen = {0};
    (void)state;
    assert_int_equal(with_sigint(swallows, &seen), 7);
}

static int never_waits(void *arg)
{
    struct seen *seen = arg;
    leash_call_soon(interrupt, NULL);
    while ((seen->slept = leash_sleep(0)) == 0)
        ;
    return seen->slept;
}

static void test_a_main_that_only_yields(void **state)
{
    struct seen seen = {0};
    (void)state;
    assert_int_equal(with_sigint(never_waits, &seen), -EINTR);
    assert_int_equal(seen.slept, -ECANCELED);
}

static int awaits_a_future(void *arg)
{
    struct seen *seen = arg;
    leash_future_t future = leash_future();
    leash_ref(future);
    leash_call_later(0.1, interrupt, NULL);
    seen->slept = leash_await(future, NULL);
    seen->other = leash_cancelled(future);
    return seen->slept;
}

static void test_what_main_awaits_is_cancelled_too(void **state)
{
    struct seen seen = {0};
    (void)state;
    assert_int_equal(with_sigint(awaits_a_future, &seen), -EINTR);
    assert_int_equal(seen.slept, -ECANCELED);
    assert_int_equal(seen.other, 1);
}

static int cancels_and_interrupts(void *arg)
{
    leash_sleep(0);
    leash_cancel((leash_task_t)arg, NULL);
    raise(SIGINT);
    return 0;
}

static int is_cancelled_and_interrupted(void *arg)
{
    struct seen *seen = arg;
    leash_detach(leash_create_task(leash_coro(cancels_and_interrupts, leash_current_task())));
    return seen->slept = leash_sleep(10);
}

static int is_interrupted_and_cancelled(void *arg)
{
    is_interrupted(arg);
    leash_cancel(leash_current_task(), NULL);
    return leash_sleep(1);
}

static void test_a_main_that_was_cancelled_anyway(void **state)
{
    struct seen seen = {0};
    (void)state;
    assert_int_equal(with_sigint(is_cancelled_and_interrupted, &seen), -ECANCELED);
    assert_int_equal(seen.slept, -ECANCELED);
    assert_int_equal(with_sigint(is_interrupted_and_cancelled, &seen), -ECANCELED);
}

static int other(void *arg)
{
    struct seen *seen = arg;
    seen->other = leash_sleep(3600);
    return seen->other;
}

static int has_another(void *arg)
{
    leash_task_t task = leash_create_task(leash_coro(other, arg));
    int rc = is_interrupted(arg);
    (void)task;
    return rc;
}

static void test_the_others_are_cancelled_by_the_clean_up(void **state)
{
    struct seen seen = {0};
    (void)state;
    assert_int_equal(with_sigint(has_another, &seen), -EINTR);
    assert_int_equal(seen.other, -ECANCELED);
}

static int does_not_stop(void *arg)
{
    struct seen *seen = arg;
    for (int i = 0; i < 100; i++) {
        if (leash_sleep(1) < 0) {
            seen->slept++;
            leash_call_later(1, interrupt, NULL);
        } else if (i == 0) {
            leash_call_later(0.5, interrupt, NULL);
        }
    }
    return 0;
}

static void test_the_second_ends_the_run(void **state)
{
    struct seen seen = {0};
    struct sigaction now;
    (void)state;
    sink_on(false);
    assert_int_equal(with_sigint(does_not_stop, &seen), -EINTR);
    assert_int_equal(seen.slept, 1);
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 0)->b, LEASH_LOOP_INTERRUPTED);
    sink_off();
    sigaction(SIGINT, NULL, &now);
    assert_true(now.sa_handler == SIG_DFL);
}

static int cleans_up_for_ever(void *arg)
{
    struct seen *seen = arg;
    leash_sleep(3600);
    leash_call_later(1, interrupt, NULL);
    seen->cleaned = leash_sleep(3600);
    return 0;
}

static int leaves_a_slow_one(void *arg)
{
    struct seen *seen = arg;
    leash_task_t task = leash_create_task(leash_coro(cleans_up_for_ever, seen));
    (void)task;
    leash_sleep(0);
    return is_interrupted(seen);
}

static void test_the_second_ends_the_clean_up(void **state)
{
    struct seen seen = {.cleaned = 1};
    (void)state;
    sink_on(false);
    assert_int_equal(with_sigint(leaves_a_slow_one, &seen), -EINTR);
    assert_int_equal(seen.cleaned, 1); /* it never got to the end */
    assert_int_equal(sink_find(LEASH_EV_LOOP_END, 0)->b, LEASH_LOOP_INTERRUPTED);
    sink_off();
}

/* A loop that sleeps for an hour of real time is woken. */
static void *kills(void *arg)
{
    (void)arg;
    kill(getpid(), SIGINT);
    return NULL;
}

static int sleeps_really(void *arg)
{
    pthread_t thread;
    pthread_create(&thread, NULL, kills, NULL);
    int rc = leash_sleep(3600);
    pthread_join(thread, NULL);
    (void)arg;
    return rc;
}

static void test_a_sleeping_loop_wakes(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.sigint = 1;
    options.virtual_time = 0;
    assert_int_equal(run_options(sleeps_really, NULL, &options), -EINTR);
}

/* ---- whose signal it is ---- */

static sig_atomic_t taken;

static void own_handler(int number)
{
    (void)number;
    taken++;
}

static int raises(void *arg)
{
    (void)arg;
    raise(SIGINT);
    return leash_sleep(1);
}

static void test_a_handler_of_the_program_stays(void **state)
{
    struct sigaction action = {.sa_handler = own_handler}, now;
    (void)state;
    sigaction(SIGINT, &action, NULL);
    assert_int_equal(with_sigint(raises, NULL), 0);
    assert_int_equal(taken, 1);
    sigaction(SIGINT, NULL, &now);
    assert_true(now.sa_handler == own_handler);
    signal(SIGINT, SIG_DFL);
}

static int installs_its_own(void *arg)
{
    (void)arg;
    signal(SIGINT, own_handler);
    return leash_sleep(0);
}

static void test_what_the_program_installs_meanwhile_stays(void **state)
{
    struct sigaction now;
    (void)state;
    assert_int_equal(with_sigint(installs_its_own, NULL), 0);
    sigaction(SIGINT, NULL, &now);
    assert_true(now.sa_handler == own_handler);
    signal(SIGINT, SIG_DFL);
}

static int dies_of(int sigint, leash_fn_t fn)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct leash_options options = LEASH_OPTIONS_INIT;
        options.sigint = sigint;
        leash_after_fork();
        run_options(fn, NULL, &options);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static int is_deaf(void *arg)
{
    (void)arg;
    raise(SIGINT);
    raise(SIGINT);
    raise(SIGINT);
    return 0;
}

static int forks(void *arg)
{
    int status = 0;
    pid_t child = fork();
    (void)arg;
    if (child == 0) {
        raise(SIGINT);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGINT)
        return 0;
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM); /* tells that all was well */
    return 0;
}

static void test_signals_that_end_the_process(void **state)
{
    (void)state;
    assert_int_equal(dies_of(0, raises), SIGINT);
    assert_int_equal(dies_of(1, raises), 0);
    assert_int_equal(dies_of(1, is_deaf), SIGINT);
    assert_int_equal(dies_of(1, forks), SIGTERM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_cancels_main),
        cmocka_unit_test(test_main_may_go_on),
        cmocka_unit_test(test_a_main_that_only_yields),
        cmocka_unit_test(test_what_main_awaits_is_cancelled_too),
        cmocka_unit_test(test_a_main_that_was_cancelled_anyway),
        cmocka_unit_test(test_the_others_are_cancelled_by_the_clean_up),
        cmocka_unit_test(test_the_second_ends_the_run),
        cmocka_unit_test(test_the_second_ends_the_clean_up),
        cmocka_unit_test(test_a_sleeping_loop_wakes),
        cmocka_unit_test(test_a_handler_of_the_program_stays),
        cmocka_unit_test(test_what_the_program_installs_meanwhile_stays),
        cmocka_unit_test(test_signals_that_end_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
