/* Processes: being closed, what is left at the end of the run, SIGCHLD. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_closing), TEST(test_left_running), TEST(test_detached), TEST(test_forgotten), TEST(test_sigchld),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
