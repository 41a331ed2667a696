/* Processes: tasks that are cancelled while they wait for one, and the end that is made of it then. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

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
    while (!is_dead(family.code[1])) /* it is somebody else's to reap */
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
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
