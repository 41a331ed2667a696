/* Processes: clocks, a standstill, who else waits for them, threads, forks, the trace. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <trace_format.h>
#include <unistd.h>

#include "children.h"
#include "descriptors.h"
#include "sink.h"

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#define UNDER_TSAN __has_feature(thread_sanitizer)
#else
#define UNDER_TSAN 0
#endif

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
    assert_true(family.times[0] < 1000);
    assert_true(family.times[1] >= 3600);
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

static void *meddles(void *arg)
{
    struct family *family = arg;
    family->rc[1] = leash_process_pid(family->process);
    family->rc[2] = leash_process_kill(family->process);
    family->rc[3] = leash_process_returncode(family->process, NULL);
    family->rc[4] = leash_process_stdin(family->process) ? 0 : -errno;
    family->rc[5] = leash_process_wait(family->process, NULL);
    family->rc[6] = leash_process_close(family->process);
    return NULL;
}

static int is_meddled_with(void *arg)
{
    struct family *family = arg;
    pthread_t thread;
    if (!shell(family, "read line; exit 2"))
        return family->rc[0];
    pthread_create(&thread, NULL, meddles, family);
    pthread_join(thread, NULL);
    leash_stream_close(leash_process_stdin(family->process));
    int rc = leash_process_wait(family->process, &family->code[0]);
    leash_process_close(family->process);
    return rc;
}

static void test_another_thread(void **state)
{
    struct family family = family_of(LEASH_PIPE, LEASH_INHERIT, LEASH_INHERIT);
    (void)state;
    run_family(is_meddled_with, &family);
    for (int i = 1; i < 7; i++)
        assert_int_equal(family.rc[i], -EPERM);
    assert_int_equal(family.code[0], 2);
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
    if (UNDER_TSAN)
        skip(); /* it keeps signals back until it is called, and is not in the child of a fork with fibers */
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
        TEST(test_the_virtual_clock_does_not_jump),
        TEST(test_a_standstill_when_it_has_ended),
        TEST(test_a_stolen_child),
        TEST(test_several_loops),
        TEST(test_another_thread),
        TEST(test_forks),
        TEST(test_events),
    };
    setenv("LEASH_OPTIONS", "report=0", 1);
    return cmocka_run_group_tests(tests, descriptors_group, NULL);
}
