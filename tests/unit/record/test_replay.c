/* What opens a trace: finished, live, left by a dead process, damaged, not ours to write. */
#include "test.h"

#include "recorded.h"

#include <errno.h>
#include <fcntl.h>
#include <replay.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define EVENTS 1000
#define NOBODY 65534

static struct recorded_counts *counts;

/* ---- programs ---- */

static void record_and_end(void *path)
{
    struct leash_options options = recorded_options(path);
    struct leash__events events;
    leash__record_thread(&events, &options);
    for (int i = 0; i < EVENTS; i++)
        recorded_event(&events, counts, 0);
    leash__record_thread_end(&events);
}

static void record_and_die(void *path)
{
    struct leash_options options = recorded_options(path);
    struct leash__events events;
    leash__record_thread(&events, &options);
    for (int i = 0; i < EVENTS; i++)
        recorded_event(&events, counts, 0);
    raise(SIGKILL);
}

static void leave_crashed(const char *path)
{
    memset(counts, 0, sizeof *counts);
    assert_int_equal(recorded_wait(recorded_start(record_and_die, (void *)(uintptr_t)path)), 128 + SIGKILL);
}

static void assert_whole(const char *path)
{
    assert_string_equal(recorded_text(path, "SELECT end_kind FROM run"), "crashed");
    assert_string_equal(recorded_text(path, "PRAGMA integrity_check"), "ok");
    assert_int_equal(recorded_check(path, counts, 0), 0);
}

static void assert_replayed(const char *path, enum leash_replayed what)
{
    struct leash_replay replay;
    int rc = leash_replay(path, NULL, NULL, &replay);
    if (rc < 0)
        fail_msg("%s", replay.error);
    assert_int_equal(replay.what, what);
    if (what == LEASH_REPLAY_DONE || what == LEASH_REPLAY_COPY)
        assert_whole(replay.path);
    leash_replay_release(&replay);
}

static void assert_refused(const char *path, int error, const char *message)
{
    struct leash_replay replay;
    assert_int_equal(leash_replay(path, NULL, NULL, &replay), error);
    assert_non_null(strstr(replay.error, message));
    assert_non_null(replay.path);
    leash_replay_release(&replay);
}

/* ---- ---- */

static void test_nothing_to_do(void **state)
{
    (void)state;
    assert_replayed("none.db", LEASH_REPLAY_NONE);
    assert_replayed("none/none.db", LEASH_REPLAY_NONE);
    assert_false(recorded_exists("none.db"));
    assert_int_equal(recorded_run(record_and_end, (char[]){"ended.db"}), 0);
    assert_replayed("ended.db", LEASH_REPLAY_NONE);
}

static void test_left_by_a_killed_process(void **state)
{
    (void)state;
    struct leash_replay replay;
    leave_crashed("killed.db");
    assert_int_equal(leash_replay("killed.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    assert_true(replay.crashed);
    assert_true(replay.events >= EVENTS - 100 && replay.pid > 0);
    assert_whole(replay.path);
    leash_replay_release(&replay);
    assert_false(recorded_exists("killed.db-spool"));
    assert_false(recorded_exists("killed.db-wal"));
    assert_replayed("killed.db", LEASH_REPLAY_NONE);
}

/* Killed after the end was committed, before the spool was deleted. */
static void test_spool_of_a_finished_replay(void **state)
{
    (void)state;
    leave_crashed("again.db");
    assert_int_equal(system("cp again.db-spool copy"), 0);
    assert_replayed("again.db", LEASH_REPLAY_DONE);
    assert_int_equal(rename("copy", "again.db-spool"), 0);
    assert_replayed("again.db", LEASH_REPLAY_DONE);
}

static void test_database_is_gone(void **state)
{
    (void)state;
    leave_crashed("gone.db");
    unlink("gone.db");
    unlink("gone.db-wal");
    unlink("gone.db-shm");
    struct leash_replay replay;
    assert_int_equal(leash_replay("gone.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    assert_string_equal(recorded_text(replay.path, "SELECT end_kind FROM run"), "crashed");
    assert_int_equal(recorded_number(replay.path, "SELECT pid FROM run"), replay.pid);
    leash_replay_release(&replay);
}

static void test_through_a_link(void **state)
{
    (void)state;
    leave_crashed("real.db");
    assert_int_equal(symlink("real.db", "link.db"), 0);
    assert_replayed("link.db", LEASH_REPLAY_DONE);
    assert_false(recorded_exists("real.db-spool"));
}

/* Killed before its spool was one. */
static void test_spool_that_never_was_one(void **state)
{
    (void)state;
    close(creat("begun.db-spool", 0600));
    assert_replayed("begun.db", LEASH_REPLAY_NONE);
    assert_false(recorded_exists("begun.db-spool"));
    assert_false(recorded_exists("begun.db"));
}

/* ---- damage ---- */

static void overwrite(const char *path, off_t at, const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, bytes, size, at), size);
    close(fd);
}

static void test_damaged_spools_are_refused(void **state)
{
    (void)state;
    uint32_t version = LEASH_SPOOL_VERSION + 1, huge = 1u << 31, zero = 0;
    leave_crashed("bad.db");
    assert_int_equal(system("cp bad.db-spool good"), 0);
    overwrite("bad.db-spool", offsetof(struct leash_spool_header, version), &version, 4);
    assert_refused("bad.db", -EPROTO, "bad.db-spool: a spool of another version");
    assert_int_equal(system("cp good bad.db-spool"), 0);
    overwrite("bad.db-spool", 0, "rubbish", 8);
    assert_refused("bad.db", -EINVAL, "bad.db-spool: is no spool");
    assert_int_equal(system("cp good bad.db-spool"), 0);
    overwrite("bad.db-spool", offsetof(struct leash_spool_header, segment_size), &huge, 4);
    assert_refused("bad.db", -EINVAL, "is no spool, or a damaged one");
    overwrite("bad.db-spool", offsetof(struct leash_spool_header, segment_size), &zero, 4);
    assert_refused("bad.db", -EINVAL, "is no spool, or a damaged one");
    assert_true(recorded_exists("bad.db-spool")); /* not destroyed */
    assert_int_equal(system("cp good bad.db-spool"), 0);
    assert_replayed("bad.db", LEASH_REPLAY_DONE);
}

/* More segments than there are, and a file cut short: what is there is taken, nothing else is touched. */
static void test_spool_that_promises_too_much(void **state)
{
    (void)state;
    uint32_t many = UINT32_MAX;
    leave_crashed("many.db");
    overwrite("many.db-spool", offsetof(struct leash_spool_header, segments), &many, 4);
    assert_replayed("many.db", LEASH_REPLAY_DONE);
    leave_crashed("short.db");
    assert_int_equal(truncate("short.db-spool", LEASH_SPOOL_HEADER_SIZE + LEASH_SEGMENT_SIZE / 2), 0);
    struct leash_replay replay;
    assert_int_equal(leash_replay("short.db", NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    leash_replay_release(&replay);
}

static void test_database_that_is_none(void **state)
{
    (void)state;
    leave_crashed("text.db");
    unlink("text.db-wal");
    unlink("text.db-shm");
    unlink("text.db");
    assert_int_equal(system("yes | head -c 9000 > text.db"), 0);
    assert_refused("text.db", -EINVAL, "text.db");
    unlink("text.db");
    sqlite3 *db;
    assert_int_equal(sqlite3_open("text.db", &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE mine(x)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_refused("text.db", -EINVAL, "text.db: is no trace of leash");
    assert_int_equal(recorded_number("text.db", "SELECT count(*) FROM mine"), 0);
}

/* ---- without permission ---- */

/* As somebody who may only read. */
static void replay_as_nobody(void *path)
{
    struct leash_replay replay;
    if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
        _exit(77);
    int rc = leash_replay(path, NULL, NULL, &replay);
    if (rc < 0)
        fprintf(stderr, "%s\n", replay.error);
    bool right = rc == 0 && replay.what == LEASH_REPLAY_COPY && replay.crashed &&
                 strncmp(replay.path, "/tmp/leash-replay-", 18) == 0 && recorded_check(replay.path, counts, 0) == 0;
    char copy[256];
    snprintf(copy, sizeof copy, "%s", replay.path ? replay.path : "");
    leash_replay_release(&replay);
    *strrchr(copy, '/') = '\0';
    _exit(right && !recorded_exists(copy) ? 0 : 1);
}

static void test_without_permission(void **state)
{
    (void)state;
    leave_crashed("read.db");
    assert_int_equal(system("chmod 755 . && chmod 644 read.db*"), 0);
    unsetenv("TMPDIR");
    int code = recorded_wait(recorded_start(replay_as_nobody, (char[]){"read.db"}));
    if (code == 77)
        skip(); /* not root: cannot become somebody else */
    assert_int_equal(code, 0);
    assert_true(recorded_exists("read.db-spool"));
    assert_string_equal(recorded_text("read.db", "SELECT end_kind FROM run"), "running");
    assert_replayed("read.db", LEASH_REPLAY_DONE);
}

static int setup(void **state)
{
    (void)state;
    counts = recorded_counts_new();
    recorded_setup();
    return counts ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    recorded_counts_free(counts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_to_do),
        cmocka_unit_test(test_left_by_a_killed_process),
        cmocka_unit_test(test_spool_of_a_finished_replay),
        cmocka_unit_test(test_database_is_gone),
        cmocka_unit_test(test_through_a_link),
        cmocka_unit_test(test_spool_that_never_was_one),
        cmocka_unit_test(test_damaged_spools_are_refused),
        cmocka_unit_test(test_spool_that_promises_too_much),
        cmocka_unit_test(test_database_that_is_none),
        cmocka_unit_test(test_without_permission),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
