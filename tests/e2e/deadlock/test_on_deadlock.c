/* What becomes of a program that comes to a deadlock, by what the options want: of real programs, linked either way,
 * with a trace and without. */
#include "test.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/test_on_deadlock.XXXXXX";
static const char *const programs[] = {PROGRAM_SHARED, PROGRAM_STATIC};

__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...)
{
    char command[2000];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Its exit code, or 128 + the signal. */
static int run(const char *program, const char *way, const char *options, bool traced)
{
    return shell("cd %s && rm -f t.db* out err && %s LEASH_OPTIONS=%s %s %s >out 2>err", folder,
                 traced ? "LEASH_TRACE=t.db" : "", options, program, way);
}

/* The inspector's exit code; what it prints is in `out`. */
static int leash(const char *command)
{
    return shell("cd %s && XDG_CONFIG_HOME=/nonexistent %s %s >out 2>err", folder, LEASH, command);
}

static const char *text_of(const char *name)
{
    static char text[2][20000];
    static int turn;
    char path[100], *to = text[turn = !turn];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *in = fopen(path, "r");
    size_t length = in ? fread(to, 1, sizeof text[0] - 1, in) : 0;
    if (in)
        fclose(in);
    to[length] = '\0';
    return to;
}

static void assert_has(const char *name, const char *part, int times)
{
    const char *text = text_of(name), *at = text;
    int count = 0;
    while ((at = strstr(at, part))) {
        count++;
        at++;
    }
    if (count != times)
        fail_msg("\"%s\" is %d times, not %d, in %s:\n%s", part, count, times, name, text);
}

static void assert_returned(int code)
{
    assert_int_equal(atoi(text_of("out")), code);
}

#define TWO        "leash: deadlock: 2 tasks wait for each other\n"
#define STANDSTILL "leash: deadlock: nothing is ready, no timer is armed, and main is not finished\n"
#define OUTSIDE    "main is not finished: only threads could wake the loop that nobody declared (leash_waker_hold)\n"
#define NONE       " was none: its wait came to an end\n"

static void the_run_ends(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(programs[i], "locks", "exitcode=9", false), 9);
        assert_has("err", TWO, 1);
        assert_has("err", STANDSTILL, 1);
        assert_has("err", "leash: error[deadlock]: task \"left first\" can never go on", 1);
        assert_has("err", "leash: 1 leak (1 deadlock), 0 warnings, in 1 group\n", 1);
        assert_int_equal(run(programs[i], "locks", "report=1", true), 0);
        assert_returned(-EDEADLK);
        assert_int_equal(leash("check t.db"), 1);
        assert_has("out", "error[deadlock]: ", 1);
    }
}

static void abort_leaves_words_and_a_trace(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(programs[i], "locks", "on_deadlock=abort", true), 128 + SIGABRT);
        assert_has("err", TWO, 1);
        assert_has("err", "waits for lock \"right\", held by task #3 \"right first\" at ", 1);
        assert_has("err", "waits for lock \"left\", held by task #2 \"left first\" at ", 1);
        assert_has("err", "that was acquired at ", 2);
        assert_int_equal(leash("check t.db"), 1);
        assert_has("out", "error[deadlock]: #2 left first and #3 right first wait for each other", 1);
        /* All of it is there: what was known when it died. */
        leash("sql 'SELECT end_kind FROM run' t.db");
        assert_has("out", "crashed", 1);
        leash("sql \"SELECT count(*) || ' tasks' FROM task WHERE ended_ns IS NULL\" t.db");
        assert_has("out", "3 tasks", 1);
        leash("sql \"SELECT count(*) || ' held' FROM hold WHERE ended_ns IS NULL\" t.db");
        assert_has("out", "2 held", 1);
        leash("sql \"SELECT count(*) || ' in it' FROM deadlock_task m JOIN deadlock d ON d.id = m.deadlock_id WHERE "
              "d.kind = 'cycle' AND m.await_id IS NOT NULL AND m.hold_site_id IS NOT NULL\" t.db");
        assert_has("out", "2 in it", 1);
        assert_int_equal(run(programs[i], "tasks", "on_deadlock=abort", false), 128 + SIGABRT);
        assert_has("err", TWO, 1);
    }
}

static void cancel_ends_main(void **state)
{
    static const char *const ways[] = {"locks", "tasks"};
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(run(programs[i % 2], ways[i / 2], "on_deadlock=cancel", true), 0);
        assert_returned(-EDEADLK);
        assert_has("err", TWO, 1);
        assert_has("err", STANDSTILL, 0);
        assert_int_equal(leash("check t.db"), 1);
        assert_has("out", "error[deadlock]: ", 1);
        leash("sql \"SELECT count(*) || ' deadlocks' FROM deadlock\" t.db");
        assert_has("out", "1 deadlocks", 1);
    }
}

static void report_waits_for_who_comes(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(run(programs[i % 2], "declared", "on_deadlock=report", i < 2), 0);
        assert_returned(0);
        assert_has("err", STANDSTILL, 1);
        assert_has("err", NONE, 1);
        assert_has("err", "leash: error", 0);
        if (i < 2)
            assert_int_equal(leash("check t.db"), 0);
    }
    assert_int_equal(run(PROGRAM_SHARED, "declared", "on_deadlock=end", false), 0);
    assert_returned(-EDEADLK);
}

/* Also where what main waits for hands a cancellation round and round. */
static void report_ends_by_sigint_at_the_latest(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(programs[i], "interrupted", "on_deadlock=report", true), 0);
        assert_returned(-EINTR);
        assert_has("err", TWO, 1);
        assert_int_equal(leash("check t.db"), 1);
        assert_has("out", "error[deadlock]: ", 1);
    }
}

/* It is said at once, and as it came out of it each time, that is all. */
static void undeclared_threads_may_wake_it(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(run(programs[i % 2], "undeclared", "report=1", i < 2), 0);
        assert_returned(0);
        assert_has("err", OUTSIDE, 1);
        assert_has("err", NONE, 1);
        assert_has("err", "leash: warning", 0);
        if (i < 2)
            assert_int_equal(leash("check t.db"), 0);
    }
}

static void undeclared_threads_that_did_not_are_a_warning(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(run(programs[i], "exit", "exitcode=9", false), 0);
        assert_has("err", OUTSIDE, 1);
        assert_has("err", "leash: warning[deadlock]: task ", 1);
        assert_has("err", " could be woken only by threads that nobody declared, and none did\n", 1);
        assert_has("err", "leash: 0 leaks, 1 warning, in 1 group\n", 1);
        assert_int_equal(run(programs[i], "exit", "exitcode=9", true), 0);
        assert_has("err", OUTSIDE, 1);
        assert_has("err", "leash: warning", 0);
        assert_int_equal(leash("check t.db --fail-on deadlock"), 1);
        assert_has("out", "[deadlock]: ", 1);
        assert_has("out", " could be woken only by threads that nobody declared, and none did\n", 1);
    }
}

static int set_up(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    return shell("rm -rf %s", folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_run_ends),
        cmocka_unit_test(abort_leaves_words_and_a_trace),
        cmocka_unit_test(cancel_ends_main),
        cmocka_unit_test(report_waits_for_who_comes),
        cmocka_unit_test(report_ends_by_sigint_at_the_latest),
        cmocka_unit_test(undeclared_threads_may_wake_it),
        cmocka_unit_test(undeclared_threads_that_did_not_are_a_warning),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
