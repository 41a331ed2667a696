/* From a program that runs on leash to the verdict, nothing made by hand. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct said said;

static void expect_code(int code)
{
    if (said.code != code)
        fail_msg("exit %d, not %d\nout: %s\nerr: %s", said.code, code, said.out, said.err);
}

static json_int_t count_of(json_t *report, const char *class)
{
    return json_integer_value(json_object_get(json_object_get(json_object_get(report, "totals"), "classes"), class));
}

static json_t *report_of(const char *text)
{
    json_error_t error;
    json_t *report = json_loads(text, 0, &error);
    if (!report)
        fail_msg("%s: %s", error.text, text);
    return report;
}

static json_t *leak_of(json_t *report, const char *class)
{
    size_t index;
    json_t *leak;
    json_array_foreach(json_object_get(report, "leaks"), index,
                       leak) if (strcmp(json_string_value(json_object_get(leak, "class")), class) == 0) return leak;
    fail_msg("no %s", class);
    return NULL;
}

static void test_clean(void **state)
{
    SAYS(&said, (struct fixture *)*state, "run", "-o", "t.db", "--", FORGETFUL);
    expect_code(0);
    assert_non_null(strstr(said.out, "t.db: No leaks. Every coroutine ran"));
}

static void test_leaks(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "-o", "t.db", "--format", "json", "--", FORGETFUL, "leak");
    expect_code(1);
    json_t *report = report_of(said.out);
    assert_int_equal(count_of(report, "never-awaited"), 1);
    assert_int_equal(count_of(report, "never-retrieved"), 1);
    assert_int_equal(count_of(report, "pending-at-exit") + count_of(report, "unreferenced"), 1);
    json_t *pending = leak_of(report, "pending-at-exit"); /* its handle is in a static: it is not unreferenced */
    assert_int_equal(json_integer_value(json_object_get(pending, "victims")), 1);
    assert_string_equal(json_string_value(json_object_get(pending, "root")), "sleep 600.000s");
    assert_int_equal(json_array_size(json_object_get(pending, "chain")), 3);
    json_t *failed = json_array_get(json_object_get(leak_of(report, "never-retrieved"), "examples"), 0);
    assert_string_equal(json_string_value(json_object_get(json_object_get(failed, "failure"), "message")),
                        "disk 7 is gone");
    json_decref(report);
    SAYS(&said, fixture, "check", "t.db", "--source", SOURCE_FOLDER);
    expect_code(1);
    assert_non_null(strstr(said.out, "coroutine `failing` was created and never started"));
    assert_non_null(strstr(said.out, "leash_coro(failing, NULL);"));
    assert_non_null(strstr(said.out, "await chain #3 pool -> #2 worker -> sleep 600.000s"));
    SAYS(&said, fixture, "list", "tasks", "t.db", "--columns", "name");
    expect_code(0);
    assert_non_null(strstr(said.out, "worker\npool\n"));
}

static void test_killed(void **state)
{
    struct fixture *fixture = *state;
    SAYS(&said, fixture, "run", "-o", "t.db", "--", FORGETFUL, "kill");
    expect_code(128 + SIGKILL);
    assert_non_null(strstr(said.out, "CRASHED at +"));
    assert_non_null(strstr(said.out, "worker -> sleep 600.000s"));
    assert_non_null(strstr(said.out, "pool -> #2 worker"));
    SAYS(&said, fixture, "check", "t.db");
    expect_code(3); /* what was pending is no leak */
    SAYS(&said, fixture, "check", "t.db", "--allow-incomplete");
    expect_code(0);
    assert_int_equal(access(fixture_name(fixture, "t.db-spool"), F_OK), -1);
}

/* Killed without anybody to replay it: the first who looks does, where nothing can be written into a copy. */
static void test_replay_on_looking(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(setenv("LEASH_TRACE", fixture_name(fixture, "t.db"), 1), 0);
    pid_t pid = fork();
    if (pid == 0) {
        execl(FORGETFUL, FORGETFUL, "kill", (char *)NULL);
        _exit(99);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    unsetenv("LEASH_TRACE");
    assert_int_equal(WTERMSIG(status), SIGKILL);
    assert_int_equal(access(fixture_name(fixture, "t.db-spool"), F_OK), 0);
    SAYS(&said, fixture, "sql", "t.db", "SELECT end_kind FROM run");
    expect_code(0);
    assert_non_null(strstr(said.out, "crashed"));
    assert_int_equal(access(fixture_name(fixture, "t.db-spool"), F_OK), -1);
}

static void test_process_tree(void **state)
{
    SAYS(&said, (struct fixture *)*state, "run", "-o", "t.db", "--", FORGETFUL, "spawn");
    expect_code(1);
    assert_non_null(strstr(said.out, "3 traces: 1 clean, 2 with leaks"));
}

static void test_live(void **state)
{
    struct fixture *fixture = *state;
    char byte;
    assert_int_equal(mkfifo(fixture_name(fixture, "ready"), 0600), 0);
    assert_int_equal(setenv("LEASH_TRACE", fixture_name(fixture, "t.db"), 1), 0);
    pid_t pid = fork();
    if (pid == 0) {
        if (chdir(fixture->dir) == 0)
            execl(FORGETFUL, FORGETFUL, "stay", (char *)NULL);
        _exit(99);
    }
    unsetenv("LEASH_TRACE");
    int fd = open(fixture_name(fixture, "ready"), O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(read(fd, &byte, 1), 1);
    close(fd);
    SAYS(&said, fixture, "check", "--grace", "0", "--fail-on", "pending-at-exit", "t.db");
    expect_code(3);
    assert_non_null(strstr(said.out, "LIVE, still being written"));
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_clean),        WITH_FIXTURE(test_leaks),
                                       WITH_FIXTURE(test_killed),       WITH_FIXTURE(test_replay_on_looking),
                                       WITH_FIXTURE(test_process_tree), WITH_FIXTURE(test_live)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
