/* The states that a trace can be in, and what is said about each. */
#include "fixture.h"
#include "query.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct trace_options at_once = {.grace = 0};

static void expect_failure(const char *path, int code, const char *words)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    assert_int_equal(trace_open(path, &at_once, &trace, &error), code);
    assert_null(trace);
    if (!strstr(error.text, words) || strncmp(error.text, path, strlen(path)) != 0)
        fail_msg("\"%s\" says nothing of \"%s\"", error.text, words);
}

static struct trace *expect_open(const char *path)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    if (trace_open(path, &at_once, &trace, &error) != 0)
        fail_msg("%s", error.text);
    return trace;
}

static int64_t count_tasks(struct trace *trace)
{
    struct trace_query *query = trace_prepare(trace, "SELECT count(*) FROM task");
    assert_non_null(query);
    assert_int_equal(trace_step(query), 1);
    int64_t count = trace_int(query, 0);
    trace_finish(query);
    return count;
}

static void test_opens(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    struct trace *trace = expect_open(fixture->path);
    assert_string_equal(trace_path(trace), fixture->path);
    assert_int_equal(count_tasks(trace), 1);
    assert_false(trace_is_live(trace));
    assert_null(trace_note(trace));
    assert_int_equal(trace_schema(trace), LEASH_SCHEMA_VERSION);
    trace_close(trace);
}

static void test_leaves_nothing_beside(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    struct trace *trace = expect_open(fixture->path);
    assert_int_equal(count_tasks(trace), 1);
    trace_close(trace);
    assert_int_equal(access(fixture_name(fixture, "t.db-wal"), F_OK), -1);
    assert_int_equal(access(fixture_name(fixture, "t.db-shm"), F_OK), -1);
}

/* What a killed program left is evidence: looking at it changes nothing. */
static void test_leaves_a_wal_as_it_is(void **state)
{
    struct fixture *fixture = *state;
    fixture_make_killed(fixture->path, FIXTURE_RUN);
    size_t size = fixture_size(fixture->path), wal = fixture_size(fixture_name(fixture, "t.db-wal"));
    trace_close(expect_open(fixture->path));
    assert_int_equal(fixture_size(fixture->path), size);
    assert_int_equal(fixture_size(fixture_name(fixture, "t.db-wal")), wal);
}

static void test_names_that_sqlite_reads_otherwise(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {":memory:", "file:x?mode=memory", "a#b%20c.db", "-x.db"};
    char before[1024];
    fixture_make(fixture->path, FIXTURE_RUN);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(fixture->dir), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        fixture_copy("t.db", names[i]);
        struct trace *trace = expect_open(names[i]);
        assert_int_equal(count_tasks(trace), 1);
        trace_close(trace);
    }
    assert_int_equal(chdir(before), 0);
}

static void test_missing(void **state)
{
    struct fixture *fixture = *state;
    expect_failure(fixture->path, -ENOENT, "no such file");
    expect_failure(fixture_name(fixture, "*.db"), -ENOENT, "the pattern matched nothing");
    struct trace *trace;
    struct trace_error error;
    assert_int_equal(trace_open("", &at_once, &trace, &error), -ENOENT);
}

static void test_no_trace(void **state)
{
    struct fixture *fixture = *state;
    expect_failure(fixture->dir, -EINVAL, "is a directory");
    fixture_write(fixture->path, "", 0);
    expect_failure(fixture->path, -EINVAL, "the file is empty");
    fixture_write(fixture->path, "hello", 5);
    expect_failure(fixture->path, -EINVAL, "not a leash trace");
    char noise[8192];
    memset(noise, 'x', sizeof noise);
    fixture_write(fixture->path, noise, sizeof noise);
    expect_failure(fixture->path, -EINVAL, "not a leash trace (not an SQLite database)");
    const char *other = fixture_name(fixture, "other.db");
    fixture_sql(other, "CREATE TABLE task(id); PRAGMA application_id = 0");
    expect_failure(other, -EINVAL, "not a leash trace (application_id 0)");
    assert_int_equal(mkfifo(fixture_name(fixture, "pipe"), 0600), 0);
    expect_failure(fixture_name(fixture, "pipe"), -EINVAL, "is not a regular file");
    expect_failure("/dev/null", -EINVAL, "is not a regular file");
}

static void test_truncated(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    size_t size = fixture_size(fixture->path), half = size / 8192 * 4096;
    char words[120];
    assert_int_equal(truncate(fixture->path, (off_t)half), 0);
    snprintf(words, sizeof words, "ends at %zu KiB, its header says %zu KiB; copy it again, or `leash repair`",
             half / 1024, size / 1024);
    expect_failure(fixture->path, -EBADMSG, words);
}

static void test_damaged(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    int fd = open(fixture->path, O_WRONLY | O_CLOEXEC);
    char noise[3000];
    memset(noise, 0x5a, sizeof noise);
    assert_int_equal(pwrite(fd, noise, sizeof noise, 100), sizeof noise);
    close(fd);
    expect_failure(fixture->path, -EBADMSG, "or `leash repair` may save part");
}

static void test_versions(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "PRAGMA user_version = 5");
    expect_failure(fixture->path, -EPROTO, "schema 5, this build reads 2: upgrade");
    struct trace *trace;
    struct trace_error error;
    struct trace_options any = {.any_version = true};
    assert_int_equal(trace_open(fixture->path, &any, &trace, &error), 0);
    assert_int_equal(trace_schema(trace), 5);
    assert_int_equal(count_tasks(trace), 1);
    trace_close(trace);
    fixture_sql(fixture->path, "PRAGMA user_version = 1");
    expect_failure(fixture->path, -EPROTO, "schema 1, this build reads 2: `leash repair` makes a trace of it");
    assert_int_equal(trace_open(fixture->path, &any, &trace, &error), 0);
    trace_close(trace);
    fixture_sql(fixture->path, "PRAGMA user_version = 0");
    expect_failure(fixture->path, -EINVAL, "schema 0");
}

static void test_killed(void **state)
{
    struct fixture *fixture = *state;
    fixture_make_killed(fixture->path, FIXTURE_RUN);
    struct trace *trace = expect_open(fixture->path);
    assert_int_equal(count_tasks(trace), 1);
    trace_close(trace);
}

static void test_without_its_wal(void **state)
{
    struct fixture *fixture = *state;
    fixture_make_killed(fixture->path, FIXTURE_RUN);
    assert_int_equal(unlink(fixture_name(fixture, "t.db-wal")), 0);
    expect_failure(fixture->path, -EINVAL, "t.db-wal too");
}

/* Runs `body` as somebody who is not root, since permissions mean nothing to root; its answer must be 0. */
static void as_nobody(int (*body)(const char *path), const char *path)
{
    pid_t pid = fork();
    int status;
    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(99);
        _exit(body(path));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static int open_forbidden(const char *path)
{
    struct trace *trace;
    struct trace_error error = {""};
    return trace_open(path, &at_once, &trace, &error) == -EACCES && strstr(error.text, "no permission") ? 0 : 1;
}

static void test_no_permission(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    assert_int_equal(chmod(fixture->path, 0), 0);
    as_nobody(open_forbidden, fixture->path);
}

static int open_and_count(const char *path)
{
    struct trace *trace;
    struct trace_error error;
    if (trace_open(path, &at_once, &trace, &error) != 0)
        return 1;
    int64_t count = count_tasks(trace);
    trace_close(trace);
    return count == 1 ? 0 : 2;
}

static void test_read_only_folder(void **state)
{
    struct fixture *fixture = *state;
    fixture_make_killed(fixture->path, FIXTURE_RUN);
    assert_int_equal(chmod(fixture->dir, 0555), 0);
    as_nobody(open_and_count, fixture->path);
    assert_int_equal(chmod(fixture->dir, 0755), 0);
    assert_true(fixture_size(fixture_name(fixture, "t.db-wal")) > 0);
}

static void test_read_only_folder_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *temporary = fixture_name(fixture, "tmp"), *place = fixture_name(fixture, "ro");
    char path[256];
    assert_int_equal(mkdir(temporary, 0777) | chmod(temporary, 0777) | mkdir(place, 0755), 0);
    snprintf(path, sizeof path, "%s/t.db", place);
    fixture_make_killed(path, FIXTURE_RUN);
    assert_int_equal(chmod(place, 0555), 0);
    assert_int_equal(setenv("TMPDIR", temporary, 1), 0);
    as_nobody(open_and_count, path);
    unsetenv("TMPDIR");
    assert_int_equal(chmod(place, 0755), 0);
    assert_int_equal(rmdir(temporary), 0); /* fails if a copy is still there */
}

static int hold_spool(const char *path)
{
    char name[256];
    char zeros[4096] = {0};
    snprintf(name, sizeof name, "%s-spool", path);
    fixture_write(name, zeros, sizeof zeros);
    int fd = open(name, O_RDWR | O_CLOEXEC);
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &whole), 0);
    return fd;
}

static void test_live(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "UPDATE run SET end_kind = 'running'");
    int fd = hold_spool(fixture->path);
    struct trace *trace = expect_open(fixture->path);
    assert_true(trace_is_live(trace));
    assert_int_equal(count_tasks(trace), 1);
    trace_close(trace);
    close(fd);
}

static void test_live_without_rows(void **state)
{
    struct fixture *fixture = *state;
    int fd = hold_spool(fixture->path);
    expect_failure(fixture->path, -ENOENT, "nothing was recorded to it yet");
    close(fd);
}

/* The one who records ends within the grace: the spool goes away, the trace is complete. */
static void test_grace(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    int fd = hold_spool(fixture->path), ready[2], status;
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) { /* holds the lock too, until it is told that the test has begun to wait */
        char byte;
        ssize_t got = read(ready[0], &byte, 1);
        unlink(fixture_name(fixture, "t.db-spool"));
        _exit(got == 1 ? 0 : 1);
    }
    close(fd);
    struct trace *trace;
    struct trace_error error;
    assert_int_equal(write(ready[1], "x", 1), 1);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 30}, &trace, &error), 0);
    assert_false(trace_is_live(trace));
    trace_close(trace);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(ready[0]);
    close(ready[1]);
}

static void test_what_may_be_replaced(void **state)
{
    struct fixture *fixture = *state;
    struct trace_error error;
    assert_true(trace_may_replace(fixture->path, &error));
    fixture_write(fixture->path, "", 0);
    assert_true(trace_may_replace(fixture->path, &error));
    fixture_make(fixture->path, FIXTURE_RUN);
    assert_true(trace_may_replace(fixture->path, &error));
    int fd = hold_spool(fixture->path);
    assert_false(trace_may_replace(fixture->path, &error));
    assert_non_null(strstr(error.text, "recording"));
    close(fd);
    fixture_write(fixture->path, "my thesis", 9);
    assert_false(trace_may_replace(fixture->path, &error));
    assert_non_null(strstr(error.text, "not overwritten"));
    assert_false(trace_may_replace(fixture->dir, &error));
    const char *other = fixture_name(fixture, "other.db");
    fixture_sql(other, "CREATE TABLE precious(id)");
    assert_false(trace_may_replace(other, &error));
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_leaves_nothing_beside),
                                       WITH_FIXTURE(test_leaves_a_wal_as_it_is),
                                       WITH_FIXTURE(test_opens),
                                       WITH_FIXTURE(test_names_that_sqlite_reads_otherwise),
                                       WITH_FIXTURE(test_missing),
                                       WITH_FIXTURE(test_no_trace),
                                       WITH_FIXTURE(test_truncated),
                                       WITH_FIXTURE(test_damaged),
                                       WITH_FIXTURE(test_versions),
                                       WITH_FIXTURE(test_killed),
                                       WITH_FIXTURE(test_without_its_wal),
                                       WITH_FIXTURE(test_no_permission),
                                       WITH_FIXTURE(test_read_only_folder),
                                       WITH_FIXTURE(test_read_only_folder_leaves_nothing),
                                       WITH_FIXTURE(test_live),
                                       WITH_FIXTURE(test_live_without_rows),
                                       WITH_FIXTURE(test_grace),
                                       WITH_FIXTURE(test_what_may_be_replaced)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
