/* Processes: what they return, who waits for them, signals. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

/* ---- what they return ---- */

static int returns_codes(void *arg)
{
    static const char *const commands[] = {"exit 0", "exit 7", "kill -KILL $$", "kill -TERM $$"};
    struct family *family = arg;
    for (int i = 0; i < 4; i++) {
        if (!shell(family, commands[i]))
            return family->rc[0];
        family->rc[4 + i] = leash_process_returncode(family->process, NULL);
        family->rc[i] = leash_process_wait(family->process, &family->code[i]);
        int again = 1000;
        if (leash_process_wait(family->process, &again) < 0 || again != family->code[i] ||
            leash_process_returncode(family->process, &again) != 1 || again != family->code[i] ||
            leash_process_wait(family->process, NULL) < 0)
            return -EPROTO;
        leash_process_close(family->process);
    }
    return 0;
}

static void test_what_it_returns(void **state)
{
    struct family family = family_of(LEASH_INHERIT, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(returns_codes, &family);
    for (int i = 0; i < 8; i++)
        assert_int_equal(family.rc[i], 0);
    assert_int_equal(family.code[0], 0);
    assert_int_equal(family.code[1], 7);
    assert_int_equal(family.code[2], -SIGKILL);
    assert_int_equal(family.code[3], -SIGTERM);
}

/* ---- who waits ---- */

static int several_wait(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "read line; exit $line"))
        return family->rc[0];
    leash_task_t a = waits(family, "a"), b = waits(family, "b"), c = waits(family, "c");
    leash_cancel(b, NULL);
    leash_sleep(0);
    leash_stream_write(leash_process_stdin(family->process), "5\n", 2); /* it goes on, whoever was cancelled */
    leash_await(b, NULL);
    leash_gather_wait(NULL, a, c);
    return leash_process_close(family->process);
}

static void test_several_wait(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    char expected[64];
    (void)state;
    run_family(several_wait, &family);
    snprintf(expected, sizeof expected, "b %d, a 5, c 5", -ECANCELED);
    assert_string_equal(family.words, expected);
}

/* The child has ended and the task was woken: the cancellation comes first, and the returncode stays. */
static int canceller(void *arg)
{
    struct family *family = arg;
    int rc = leash_process_wait(family->process, NULL);
    leash_cancel((leash_task_t)family->more, NULL);
    return rc;
}

static int cancelled_when_woken(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "read line; exit 4"))
        return family->rc[0];
    leash_task_t first = leash_create_task(leash_coro(canceller, family));
    leash_sleep(0);
    leash_task_t second = waits(family, "second");
    family->more = second;
    leash_stream_close(leash_process_stdin(family->process));
    family->rc[1] = leash_await(first, NULL);
    family->rc[2] = leash_await(second, NULL);
    family->rc[3] = leash_process_returncode(family->process, &family->code[0]);
    return leash_process_close(family->process);
}

static void test_cancelled_when_woken(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    family.options.kill_on_cancel = 1;
    run_family(cancelled_when_woken, &family);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.rc[2], -ECANCELED);
    assert_int_equal(family.rc[3], 1);
    assert_int_equal(family.code[0], 4);
}

/* ---- signals ---- */

static int sends_signals(void *arg)
{
    struct family *family = arg;
    if (!shell(family, "trap 'echo caught' USR1; echo ready; read line; read line; exit 9"))
        return family->rc[0];
    hears(family);
    family->rc[1] = leash_process_send_signal(family->process, SIGUSR1);
    family->rc[2] = hears(family); /* the signal ended the first read, or the lines do */
    family->rc[3] = leash_process_send_signal(family->process, 12345);
    leash_stream_close(leash_process_stdin(family->process));
    leash_process_wait(family->process, &family->code[0]);
    family->rc[4] = leash_process_send_signal(family->process, SIGUSR1);
    snprintf(family->text[1], sizeof family->text[1], "%s", leash_last_error());
    family->rc[5] = leash_process_pid(family->process) == family->pid;
    leash_process_close(family->process);
    return 0;
}

static int ends_them(void *arg)
{
    struct family *family = arg;
    for (int i = 0; i < 2; i++) {
        if (!shell(family, "read line"))
            return family->rc[0];
        family->rc[i] = i ? leash_process_kill(family->process) : leash_process_terminate(family->process);
        leash_process_wait(family->process, &family->code[i]);
        leash_process_close(family->process);
    }
    return 0;
}

static void test_signals(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_PIPE, LEASH_INHERIT);
    (void)state;
    run_family(sends_signals, &family);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.rc[2], 0);
    assert_string_equal(family.text[0], "caught");
    assert_int_equal(family.rc[3], -EINVAL);
    assert_int_equal(family.code[0], 9);
    assert_int_equal(family.rc[4], -ESRCH);
    assert_non_null(strstr(family.text[1], "it has ended"));
    assert_int_equal(family.rc[5], 1);
    run_family(ends_them, &family);
    assert_int_equal(family.rc[0], 0);
    assert_int_equal(family.rc[1], 0);
    assert_int_equal(family.code[0], -SIGTERM);
    assert_int_equal(family.code[1], -SIGKILL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, children_setup, children_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_it_returns),
        TEST(test_several_wait),
        TEST(test_cancelled_when_woken),
        TEST(test_signals),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
