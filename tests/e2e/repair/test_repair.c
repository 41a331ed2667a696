#include "command.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct said said;

static void expect(int code, const char *words)
{
    if (said.code != code || (words && !strstr(said.out, words) && !strstr(said.err, words)))
        fail_msg("exit %d, \"%s\" is not said\nout: %s\nerr: %s", said.code, words ? words : "", said.out, said.err);
}

/* A trace and its spool, as SIGKILL leaves them. */
static void record_killed(const struct fixture *fixture)
{
    pid_t pid = fork();
    if (pid == 0) {
        setenv("LEASH_TRACE", fixture->path, 1);
        execl(FORGETFUL, FORGETFUL, "kill", (char *)NULL);
        _exit(99);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(access(fixture_name(fixture, "t.db-spool"), F_OK), 0);
}

static void test_spool(void **state)
{
    struct fixture *fixture = *state;
    record_killed(fixture);
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(0, "new.db: whole, nothing was lost");
    assert_int_equal(access(fixture_name(fixture, "new.db-spool"), F_OK), -1);
    assert_int_equal(access(fixture_name(fixture, "t.db-spool"), F_OK), 0); /* the old one is as it was */
    SAYS(&said, fixture, "check", "new.db");
    expect(3, "CRASHED");
    SAYS(&said, fixture, "check", "t.db"); /* the same, replayed in place */
    expect(3, "CRASHED");
    static struct said of_new;
    SAYS(&said, fixture, "list", "tasks", "t.db");
    SAYS(&of_new, fixture, "list", "tasks", "new.db");
    assert_string_equal(said.out, of_new.out);
}

static void test_spool_alone(void **state)
{
    struct fixture *fixture = *state;
    record_killed(fixture);
    unlink(fixture->path);
    unlink(fixture_name(fixture, "t.db-wal"));
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(0, "nothing was lost");
    SAYS(&said, fixture, "check", "new.db");
    expect(3, "CRASHED");
}

/* What is in the -wal is whole, and yet the end of it all is missing. */
static void test_without_spool(void **state)
{
    struct fixture *fixture = *state;
    record_killed(fixture);
    unlink(fixture_name(fixture, "t.db-spool"));
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(3, "lost:   it has no end and no spool beside it");
    unlink(fixture_name(fixture, "t.db-wal"));
    SAYS(&said, fixture, "repair", "t.db", "-o", "lone.db");
    expect(2, "if there are a -wal and a -spool of it, copy them beside it");
}

/* All that the program did is still in the spool; what is damaged is the -wal with the tables. */
static void test_spool_beside_a_damaged_wal(void **state)
{
    struct fixture *fixture = *state;
    record_killed(fixture);
    FILE *wal = fopen(fixture_name(fixture, "t.db-wal"), "r+");
    assert_non_null(wal);
    fseek(wal, 32 + 10 * 4120 + 500, SEEK_SET); /* in its eleventh frame */
    fputc(0xff, wal);
    fclose(wal);
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(3, "1 page of the -wal is damaged");
    SAYS(&said, fixture, "list", "tasks", "new.db", "--columns", "id,coro");
    expect(0, "sleeper");
    SAYS(&said, fixture, "check", "--allow-incomplete", "new.db");
    expect(0, "PARTIAL");
}

static void make_cut(const struct fixture *fixture, const char *more)
{
    char sql[32768];
    snprintf(sql, sizeof sql, "%s%s;", FIXTURE_RUN, more);
    for (int i = 0; i < 300; i++)
        snprintf(sql + strlen(sql), 100, "INSERT INTO task(id, name, state) VALUES(%d, 'one of many', 'done');",
                 i + 100);
    fixture_make(fixture->path, sql);
    assert_int_equal(truncate(fixture->path, (off_t)fixture_size(fixture->path) - 8192), 0);
}

static void test_cut(void **state)
{
    struct fixture *fixture = *state;
    make_cut(fixture, "");
    SAYS(&said, fixture, "check", "t.db");
    expect(2, "`leash repair` may save part");
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(3, "its header says");
    SAYS(&said, fixture, "check", "new.db");
    expect(3, "repaired, with losses: the file ends at");
    SAYS(&said, fixture, "check", "--allow-incomplete", "new.db");
    expect(0, "PARTIAL");
    SAYS(&said, fixture, "repair", "new.db", "-o", "again.db"); /* what was lost stays lost, and it says so */
    expect(0, NULL);
    SAYS(&said, fixture, "check", "again.db");
    expect(3, "repaired, with losses");
}

static void test_leaks_are_still_leaks(void **state)
{
    struct fixture *fixture = *state;
    make_cut(fixture, "UPDATE task SET facts = 1 WHERE id = 1");
    SAYS(&said, fixture, "repair", "-q", "t.db", "-o", "new.db");
    expect(3, NULL);
    assert_string_equal(said.out, "");
    SAYS(&said, fixture, "check", "new.db");
    expect(1, "pending-at-exit");
}

static void test_usage(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    SAYS(&said, fixture, "repair", "t.db");
    expect(2, "where the repaired one goes");
    SAYS(&said, fixture, "repair", "-o", "new.db");
    expect(2, "one trace");
    SAYS(&said, fixture, "repair", "none.db", "-o", "new.db");
    expect(2, "none.db: no such file");
    SAYS(&said, fixture, "repair", "t.db", "-o", "t.db");
    expect(2, "not overwritten");
    SAYS(&said, fixture, "repair", "t.db", "-o", "new.db");
    expect(0, "whole");
    SAYS(&said, fixture, "repair", "-h");
    expect(0, "page by page");
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_spool),
                                       WITH_FIXTURE(test_spool_alone),
                                       WITH_FIXTURE(test_without_spool),
                                       WITH_FIXTURE(test_cut),
                                       WITH_FIXTURE(test_spool_beside_a_damaged_wal),
                                       WITH_FIXTURE(test_leaks_are_still_leaks),
                                       WITH_FIXTURE(test_usage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
