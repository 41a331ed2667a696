/* Processes: being cancelled while they are waited for, being closed, what is left at the end of the run, clocks,
 * threads, forks. */
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

#include "children.h"
#include "descriptors.h"
#include "sink.h"

static bool is_gone(int pid)
{
    return kill(pid, 0) < 0 && errno == ESRCH;
}

/* ---- killed when cancelled ---- */

/* Cancels a task that waits for a child that said it is ready. */
static int cancels(struct family *family, const char *command)
{
    if (!shell(family, command))
        return family->rc[0];
    int rc = hears(family);
    leash_task_t task = waits(family, "waiter");
    leash_cancel(task, NULL);
    family->rc[1] = leash_await(task, NULL);
    family->rc[2] = is_gone(family->pid);
    family->rc[3] = leash_process_returncode(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc;
}

static int cancels_one_that_ends(void *arg)
{
    return cancels(arg, "echo; exec cat");
}

static int cancels_one_that_obeys(void *arg)
{
    return cancels(arg, "trap 'exit 3' TERM; echo; while :; do read line; done");
}

static int cancels_one_that_ignores(void *arg)
{
    return cancels(arg, "trap '' TERM; echo; exec cat");
}

static void assert_killed(const struct family *family, int code)
{
    assert_int_equal(family->rc[1], -ECANCELED);
    assert_int_equal(family->rc[2], 1);
    assert_int_equal(family->rc[3], 1);
    assert_int_equal(family->code[0], code);
}

static struct family killing(double after)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_INHERIT);
    family.options.kill_on_cancel = 1;
    family.options.kill_after = after;
    return family;
}

static void test_killed_when_cancelled(void **state)
{
    struct family family = killing(0);
    (void)state;
    run_family(cancels_one_that_ends, &family);
    assert_killed(&family, -SIGTERM);
    family = killing(1000);
    run_family(cancels_one_that_obeys, &family);
    assert_killed(&family, 3);
    family = killing(0.02);
    run_family(cancels_one_that_ignores, &family);
    assert_killed(&family, -SIGKILL);
    family = killing(-1);
    run_family(cancels_one_that_obeys, &family);
    assert_killed(&family, -SIGKILL);
}

static void test_not_killed_unless_asked_for(void **state)
{
    struct family family = killing(0);
    (void)state;
    family.options.kill_on_cancel = 0;
    run_family(cancels_one_that_ends, &family);
    assert_int_equal(family.rc[1], -ECANCELED);
    assert_int_equal(family.rc[2], 0);
    assert_int_equal(family.rc[3], 0);
}

/* Who is cancelled again has no patience left; one that is cancelled beside it waits with it. */
static int cancels_again(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap '' TERM; echo; exec cat"))
        return family->rc[0];
    int rc = hears(family);
    leash_task_t one = waits(family, "one"), other = waits(family, "other");
    leash_cancel(one, NULL);
    leash_cancel(other, NULL);
    for (int i = 0; i < 5; i++)
        leash_sleep(0);
    family->rc[4] = leash_done(one) || leash_done(other);
    leash_cancel(one, NULL);
    family->rc[1] = leash_await(one, NULL);
    family->rc[5] = leash_await(other, NULL);
    family->rc[2] = is_gone(family->pid);
    family->rc[3] = leash_process_returncode(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc < 0 || !family->more ? rc : leash_sleep(3600); /* the timer is gone too */
}

static void test_cancelled_again(void **state)
{
    struct family family = killing(1000);
    (void)state;
    run_family(cancels_again, &family);
    family.more = &family;
    assert_int_equal(run_virtual(cancels_again, &family), 0);
    assert_killed(&family, -SIGKILL);
    assert_int_equal(family.rc[4], 0);
    assert_int_equal(family.rc[5], -ECANCELED);
}

/* The shell obeys, what it began does not: but it is of the same session. */
static int cancels_a_session(void *arg)
{
    struct family *family = arg;
    int rc = cancels(arg, "trap 'exit 3' TERM; (trap '' TERM; exec sh -c 'echo $$; exec sleep 1000') & wait");
    family->code[1] = atoi(family->text[0]);
    return rc;
}

static void test_a_session_is_killed(void **state)
{
    struct family family = killing(1000);
    (void)state;
    family.options.new_session = 1;
    run_family(cancels_a_session, &family);
    assert_killed(&family, 3);
    while (!is_gone(family.code[1])) /* it is somebody else's to reap */
        sched_yield();
}

static int waits_with_a_limit(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap '' TERM; echo; exec cat"))
        return family->rc[0];
    int rc = hears(family);
    leash_timeout_t scope = leash_timeout_begin(0.01);
    family->rc[1] = leash_timeout_end(scope, leash_process_wait(family->process, NULL));
    family->rc[2] = is_gone(family->pid);
    leash_process_close(family->process);
    return rc;
}

static void test_a_limit(void **state)
{
    struct family family = killing(0.01);
    (void)state;
    run_family(waits_with_a_limit, &family);
    assert_int_equal(family.rc[1], -ETIMEDOUT);
    assert_int_equal(family.rc[2], 1);
}

static int main_leaves(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap '' TERM; echo; exec cat"))
        return family->rc[0];
    int rc = hears(family);
    leash_task_t task = waits(family, "waiter");
    (void)task;
    return rc;
}

static void test_the_clean_up_cancels(void **state)
{
    struct family family = killing(0.01);
    char expected[32];
    (void)state;
    run_family(main_leaves, &family);
    snprintf(expected, sizeof expected, "waiter %d", -ECANCELED);
    assert_string_equal(family.words, expected);
    assert_int_equal(is_gone(family.pid), 1);
}

/* The clean-up has no time for so much patience. */
static void test_the_clean_up_gives_up(void **state)
{
    struct family family = killing(1000);
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.cleanup_timeout = 0.02;
    assert_int_equal(run_options(main_leaves, &family, &options), 0);
    assert_string_equal(family.words, "");
    assert_int_equal(is_gone(family.pid), 1);
}

/* ---- closing ---- */

static int closes(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap '' TERM; echo; exec cat"))
        return family->rc[0];
    int rc = hears(family);
    leash_task_t one = waits(family, "one"), two = waits(family, "two");
    family->rc[1] = leash_process_close(family->process);
    family->rc[2] = leash_process_wait(family->process, NULL); /* they have not run yet */
    leash_await(one, NULL);
    leash_await(two, NULL);
    family->rc[3] = leash_process_wait(family->process, NULL);
    family->rc[4] = leash_process_pid(family->process);
    family->rc[5] = leash_process_kill(family->process);
    family->rc[6] = leash_process_returncode(family->process, NULL);
    family->rc[7] = leash_process_stdin(family->process) ? 0 : -errno;
    family->rc[8] = leash_process_communicate(family->process, NULL, 0, NULL, NULL, NULL, NULL);
    family->rc[9] = leash_process_close(family->process);
    family->rc[10] = leash_process_close((leash_process_t)family);
    family->rc[11] = leash_process_close(NULL);
    family->times[0] = leash_time();
    rc = rc < 0 ? rc : leash_sleep(0.001);
    while (!is_gone(family->pid)) /* it is reaped all the same */
        leash_sleep(0);
    return rc;
}

static void test_closing(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_INHERIT);
    char expected[64];
    (void)state;
    run_family(closes, &family);
    snprintf(expected, sizeof expected, "one %d, two %d", -EBADF, -EBADF);
    assert_string_equal(family.words, expected);
    assert_int_equal(family.rc[1], 0);
    for (int i = 2; i < 9; i++)
        assert_int_equal(family.rc[i], -EBADF);
    assert_int_equal(family.rc[9], 0);
    assert_int_equal(family.rc[10], -EINVAL);
    assert_int_equal(family.rc[11], -EINVAL);
}

/* ---- the end of the run ---- */

static unsigned left_open(void)
{
    unsigned left = 0;
    for (size_t i = 0; i < sink_count_of(LEASH_EV_JUDGED); i++)
        if (sink_find(LEASH_EV_JUDGED, i)->b == LEASH_SUBJECT_OBJECT)
            left += sink_find(LEASH_EV_JUDGED, i)->c == LEASH_FACT_LEFT_OPEN;
    return left;
}

static int leaves_it_running(void *arg)
{
    struct family *family = arg;
    return shell(family, "exec sleep 1000") ? 0 : family->rc[0];
}

static void test_left_running(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    sink_on(false);
    run_family(leaves_it_running, &family);
    assert_int_equal(is_gone(family.pid), 1);
    assert_int_equal(left_open(), 2); /* in two runs */
    sink_off();
}

static int leaves_it_alone(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "exec sleep 1000"))
        return family->rc[0];
    family->times[0] = leash_time();
    if (family->rc[1])
        leash_process_close(family->process);
    if (!family->rc[1])
        return -EDEADLK;
    int rc = leash_sleep(3600); /* nobody waits for it: the virtual clock jumps */
    return rc < 0 ? rc : leash_await(leash_future(), NULL);
}

static void test_detached(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    family.options.detached = 1;
    for (int closed = 0; closed < 2; closed++) {
        family.rc[1] = closed;
        sink_on(false);
        assert_int_equal(run_virtual(leaves_it_alone, &family), -EDEADLK);
        assert_int_equal(left_open(), 0);
        assert_int_equal(is_gone(family.pid), 0);
        assert_int_equal(getsid(family.pid), family.pid);
        kill(family.pid, SIGKILL);
        assert_int_equal(waitpid(family.pid, NULL, 0), family.pid);
        sink_off();
    }
}

static int ends_and_is_forgotten(void *arg)
{
    struct family *family = arg;
    for (int i = 0; i < 30; i++)
        if (!shell(family, "exit 0"))
            return family->rc[0];
    return leash_process_wait(family->process, NULL);
}

static void test_forgotten(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_PIPE, LEASH_INHERIT);
    (void)state;
    run_family(ends_and_is_forgotten, &family);
}

static int looks_at_sigchld(void *arg)
{
    struct family *family = arg;
    struct sigaction action;
    if (!shell(family, "exit 0"))
        return family->rc[0];
    sigaction(SIGCHLD, NULL, &action);
    family->rc[1] = action.sa_handler == SIG_DFL;
    int rc = leash_process_wait(family->process, NULL);
    leash_sleep(0); /* libuv lets go */
    sigaction(SIGCHLD, NULL, &action);
    family->rc[2] = action.sa_handler == SIG_DFL;
    return rc;
}

static void test_sigchld(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(looks_at_sigchld, &family);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.rc[2], 1);
}

/* ---- clocks, standstill ---- */

static int sleeps_an_hour(void *arg)
{
    struct family *family = arg;
    int rc = leash_sleep(3600);
    family->times[1] = leash_time();
    return rc;
}

static int takes_its_time(void *arg)
{
    struct family *family = arg;
    leash_task_t other = leash_create_task(leash_coro(sleeps_an_hour, family));
    if (!shell(family, "sleep 0.01"))
        return family->rc[0];
    int rc = leash_process_wait(family->process, NULL);
    family->times[0] = leash_time();
    leash_process_close(family->process);
    return rc < 0 ? rc : leash_await(other, NULL);
}

static void test_the_virtual_clock_does_not_jump(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    assert_int_equal(run_virtual(takes_its_time, &family), 0);
    assert_true(family.times[0] < 1);
    assert_true(family.times[1] - family.times[0] > 3590);
}

static int waits_for_nothing(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "exit 0"))
        return family->rc[0];
    return leash_await(leash_future(), NULL);
}

static void test_a_standstill_when_it_has_ended(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    assert_int_equal(run_virtual(waits_for_nothing, &family), -EDEADLK);
    assert_int_equal(run_really(waits_for_nothing, &family), -EDEADLK);
}

/* ---- who else waits ---- */

static int is_robbed(void *arg)
{
    struct family *family = arg;
    int status;
    if (!shell(family, "exit 3"))
        return family->rc[0];
    waitpid(family->pid, &status, 0);
    int rc = leash_process_wait(family->process, &family->code[0]);
    snprintf(family->text[0], sizeof family->text[0], "%s", leash_last_error());
    family->rc[1] = leash_process_kill(family->process);
    leash_process_close(family->process);
    return rc;
}

static void test_a_stolen_child(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(is_robbed, &family);
    assert_int_equal(family.code[0], 255);
    assert_non_null(strstr(family.text[0], "exit 3\": somebody else waited for it"));
    assert_int_equal(family.rc[1], -ESRCH);
}

/* ---- threads, forks ---- */

static int begins_many(void *arg)
{
    struct family *family = arg;
    for (int i = 0; i < 10; i++) {
        if (!shell(family, "exit 6"))
            return family->rc[0];
        int rc = leash_process_wait(family->process, &family->code[0]);
        leash_process_close(family->process);
        if (rc < 0 || family->code[0] != 6)
            return -EPROTO;
    }
    return 0;
}

static void *begins_many_elsewhere(void *arg)
{
    struct family *family = arg;
    family->rc[1] = run_virtual(begins_many, family);
    return NULL;
}

static void test_several_loops(void **state)
{
    struct family here = family_of(LEASH_INHERIT, LEASH_PIPE, LEASH_PIPE), there = here;
    pthread_t thread;
    (void)state;
    pthread_create(&thread, NULL, begins_many_elsewhere, &there);
    assert_int_equal(run_really(begins_many, &here), 0);
    pthread_join(thread, NULL);
    assert_int_equal(there.rc[1], 0);
}

/* A forked process has no part in its parent's children, and may have its own. */
static int forks(void *arg)
{
    struct family *family = arg;
    int status;
    if (!shell(family, "read line; exit 8"))
        return family->rc[0];
    pid_t child = fork();
    if (child == 0) {
        struct family own = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_INHERIT);
        int closed = leash_process_close(family->process), rc = leash_after_fork();
        rc = rc < 0 ? rc : run_virtual(begins_many, &own);
        _exit(closed == -ECHILD && rc == 0 ? 42 : 1);
    }
    waitpid(child, &status, 0);
    family->rc[1] = WEXITSTATUS(status);
    leash_stream_write(leash_process_stdin(family->process), "\n", 1);
    int rc = leash_process_wait(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc;
}

static void test_forks(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(forks, &family);
    assert_int_equal(family.code[0], 8);
    assert_int_equal(family.rc[1], 42);
}

/* ---- what the trace and the dump tell ---- */

static int dumps(void *arg)
{
    struct family *family = arg;
    char *text = NULL, name[64];
    size_t size;
    if (!shell(family, "read line"))
        return family->rc[0];
    leash_task_t task = waits(family, "waiter");
    FILE *to = open_memstream(&text, &size);
    leash_dump(to);
    fclose(to);
    snprintf(name, sizeof name, "for process \"pid %d read line\"", family->pid);
    family->rc[1] = strstr(text, name) != NULL;
    free(text);
    leash_stream_close(leash_process_stdin(family->process));
    int rc = leash_await(task, NULL);
    leash_process_close(family->process);
    return rc;
}

static void test_events(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    char name[64];
    (void)state;
    sink_on(false);
    assert_int_equal(run_virtual(dumps, &family), 0);
    assert_int_equal(family.rc[1], 1);
    const struct sink_event *made = sink_find(LEASH_EV_OBJECT, 0);
    assert_int_equal(made->b, LEASH_OBJECT_PROCESS);
    snprintf(name, sizeof name, "pid %d read line", family.pid);
    assert_string_equal(sink_find(LEASH_EV_NAME, 0)->text, name);
    assert_int_equal(sink_find(LEASH_EV_NAME, 0)->a, made->a);
    snprintf(name, sizeof name, "stdin of pid %d read line", family.pid);
    assert_string_equal(sink_find(LEASH_EV_NAME, 1)->text, name);
    assert_int_equal(sink_find(LEASH_EV_AWAIT_OBJECT, 0)->b, made->a);
    assert_int_equal(sink_count_of(LEASH_EV_OBJECT_DONE), 2);
    sink_off();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_killed_when_cancelled),
        TEST(test_not_killed_unless_asked_for),
        TEST(test_cancelled_again),
        TEST(test_a_session_is_killed),
        TEST(test_a_limit),
        TEST(test_the_clean_up_cancels),
        TEST(test_the_clean_up_gives_up),
        TEST(test_closing),
        TEST(test_left_running),
        TEST(test_detached),
        TEST(test_forgotten),
        TEST(test_sigchld),
        TEST(test_the_virtual_clock_does_not_jump),
        TEST(test_a_standstill_when_it_has_ended),
        TEST(test_a_stolen_child),
        TEST(test_several_loops),
        TEST(test_forks),
        TEST(test_events),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
