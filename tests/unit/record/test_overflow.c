/* When there is no room: in the spool, in the database, on the disk. The program never hangs, and what is lost is
 * counted. */
#include "test.h"

#include "recorded.h"

#include <errno.h>
#include <pthread.h>
#include <replay.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL 1 /* a spool of two segments: 87,000 events */
#define MANY  300000

/* ---- programs: each thread records claims 1, 2, 3, ... ---- */

struct plan {
    struct leash_options options;
    unsigned threads;
    unsigned events;  /* a thread */
    bool locked;      /* another connection keeps the database locked until the program ends */
    rlim_t file_size; /* no file may grow beyond; 0: no limit */
};

static struct plan plan_of(const char *path)
{
    struct plan plan = {.options = recorded_options(path), .threads = 1, .events = MANY};
    plan.options.spool_size = SMALL;
    return plan;
}

static void *record_claims(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    leash__record_thread(&events, &plan->options);
    for (unsigned i = 1; i <= plan->events; i++)
        leash__event(&events, LEASH_EV_CLAIM, NULL, i, LEASH_CLAIM_REF, LEASH_SUBJECT_TASK);
    leash__record_thread_end(&events);
    return NULL;
}

/* Waits for its turn: the writer may be in a transaction just now. */
static void lock_database(const struct plan *plan)
{
    static sqlite3 *db;
    sqlite3_open_v2(plan->options.trace, &db, SQLITE_OPEN_READWRITE, NULL);
    sqlite3_busy_timeout(db, 60000);
    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        _exit(9);
}

static void program(void *argument)
{
    const struct plan *plan = argument;
    struct leash__events events;
    pthread_t threads[16];
    if (plan->file_size) {
        struct rlimit limit = {plan->file_size, plan->file_size};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    leash__record_thread(&events, &plan->options);
    if (plan->locked)
        lock_database(plan);
    for (unsigned i = 0; i < plan->threads; i++)
        pthread_create(&threads[i], NULL, record_claims, argument);
    for (unsigned i = 0; i < plan->threads; i++)
        pthread_join(threads[i], NULL);
    leash__record_thread_end(&events);
}

/* ---- what must hold ---- */

static int64_t claims(const char *path)
{
    return recorded_number(path, "SELECT count(*) FROM claim");
}

static int64_t dropped(const char *path)
{
    return recorded_number(path, "SELECT dropped FROM run");
}

static void assert_accounted_for(const char *path, const struct plan *plan)
{
    assert_string_equal(recorded_text(path, "PRAGMA integrity_check"), "ok");
    assert_int_equal(claims(path) + dropped(path), (int64_t)plan->threads * plan->events);
}

/* What the program could not write is in the spool: the replay finishes the trace. */
static void assert_replayed(const char *path, bool crashed)
{
    struct leash_replay replay;
    assert_int_equal(leash_replay(path, NULL, NULL, &replay), 0);
    assert_int_equal(replay.what, LEASH_REPLAY_DONE);
    assert_int_equal(replay.crashed, crashed);
    leash_replay_release(&replay);
    assert_string_equal(recorded_text(path, "SELECT end_kind FROM run"), crashed ? "crashed" : "complete");
}

/* ---- a spool that is too small ---- */

static void test_wait(void **state)
{
    (void)state;
    struct plan plan = plan_of("wait.db");
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_accounted_for("wait.db", &plan);
    assert_int_equal(dropped("wait.db"), 0);
}

static void test_drop(void **state)
{
    (void)state;
    struct plan plan = plan_of("drop.db");
    plan.options.overflow = LEASH_OVERFLOW_DROP;
    plan.events = 10 * MANY;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_accounted_for("drop.db", &plan);
    assert_true(dropped("drop.db") > 0);
    assert_true(claims("drop.db") > 0);
}

/* The spool grows before anything is dropped. */
static void test_drop_with_room_to_grow(void **state)
{
    (void)state;
    struct plan plan = plan_of("grow.db");
    plan.options.overflow = LEASH_OVERFLOW_DROP;
    plan.options.spool_size = 64 << 20;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_accounted_for("grow.db", &plan);
    assert_int_equal(dropped("grow.db"), 0);
}

/* More threads than segments: those that can have none drop. */
static void test_more_threads_than_segments(void **state)
{
    (void)state;
    struct plan plan = plan_of("threads.db");
    plan.threads = 8;
    plan.events = MANY / 4;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_accounted_for("threads.db", &plan);
}

/* ---- a database that cannot be written ---- */

static void test_locked_database(void **state)
{
    (void)state;
    struct plan plan = plan_of("locked.db");
    plan.locked = true;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_non_null(strstr(recorded_stderr(), "leash: cannot write "));
    assert_non_null(strstr(recorded_stderr(), "'leash check "));
    assert_replayed("locked.db", false);
    assert_accounted_for("locked.db", &plan);
    assert_true(dropped("locked.db") > 0);
}

/* ---- a full disk ---- */

static void test_no_file_grows(void **state)
{
    (void)state;
    struct plan plan = plan_of("limit.db");
    plan.options.spool_size = 64 << 20;
    plan.events = 5 * MANY;
    plan.file_size = (8 << 20) + 4096;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_replayed("limit.db", false);
    assert_accounted_for("limit.db", &plan);
}

static void test_not_even_a_beginning(void **state)
{
    (void)state;
    struct plan plan = plan_of("none.db");
    plan.file_size = 65536;
    assert_int_equal(recorded_run(program, &plan), 0);
    assert_non_null(strstr(recorded_stderr(), "leash: cannot record to "));
    assert_false(recorded_exists("none.db"));
    assert_false(recorded_exists("none.db-spool"));
}

static bool mount_disk(void)
{
    return mkdir("disk", 0700) == 0 && unshare(CLONE_NEWNS) == 0 &&
           mount("none", "/", "", MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("leash", "disk", "tmpfs", 0, "size=12m") == 0;
}

/* In a mount namespace of its own; leaves what is to be seen beside the disk. */
static void fill_a_disk(void *argument)
{
    struct plan *plan = argument;
    pid_t child = fork();
    if (child == 0) {
        program(plan);
        exit(0);
    }
    int code = recorded_wait(child);
    struct leash_replay replay;
    int rc = leash_replay("disk/full.db", NULL, NULL, &replay); /* no room for that either, as yet */
    leash_replay_release(&replay);
    if (rc != -ENOSPC || mount("leash", "disk", "tmpfs", MS_REMOUNT, "size=200m") != 0)
        _exit(100);
    rc = leash_replay("disk/full.db", NULL, NULL, &replay);
    leash_replay_release(&replay);
    if (rc != 0 || recorded_number("disk/full.db", "SELECT (SELECT count(*) FROM claim) + dropped FROM run") !=
                       (int64_t)plan->threads * plan->events)
        _exit(101);
    _exit(recorded_number("disk/full.db", "SELECT dropped > 0 FROM run") == 1 ? code : 102);
}

static void mount_and_fill(void *argument)
{
    if (!mount_disk())
        _exit(77);
    fill_a_disk(argument);
}

static void test_full_disk(void **state)
{
    (void)state;
    struct plan plan = plan_of("disk/full.db");
    plan.options.spool_size = 64 << 20;
    plan.events = 10 * MANY;
    int code = recorded_wait(recorded_start(mount_and_fill, &plan));
    if (code == 77)
        skip(); /* not allowed to mount */
    assert_int_equal(code, 0);
}

static int setup(void **state)
{
    (void)state;
    recorded_setup();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    recorded_cleanup();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wait),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_drop_with_room_to_grow),
        cmocka_unit_test(test_more_threads_than_segments),
        cmocka_unit_test(test_locked_database),
        cmocka_unit_test(test_no_file_grows),
        cmocka_unit_test(test_not_even_a_beginning),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
