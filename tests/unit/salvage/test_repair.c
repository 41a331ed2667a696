/* What is saved of a trace that something happened to. */
#include "big_trace.h"
#include "damage.h"
#include "fixture.h"
#include "repair.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <trace_format.h>
#include <unistd.h>

#define TASKS 3000

static const char *const large[] = {"task", "await", "coro", "site"};
#define LARGE (sizeof large / sizeof *large)

static const char *damaged(const struct fixture *fixture)
{
    return fixture_name(fixture, "damaged.db");
}

static const char *repaired(const struct fixture *fixture)
{
    return fixture_name(fixture, "repaired.db");
}

/* A trace of TASKS tasks at fixture->path; its bytes. */
static struct bytes make_big(struct fixture *fixture)
{
    big_trace_make(fixture->path, TASKS);
    assert_int_equal(ask(fixture->path, "PRAGMA page_size"), DAMAGE_PAGE);
    return bytes_read(fixture->path);
}

static int repair(const struct fixture *fixture, struct repair *out, struct trace_error *error)
{
    unlink(repaired(fixture));
    error->text[0] = '\0';
    return trace_repair(damaged(fixture), repaired(fixture), out, error);
}

static struct repair expect_repair(const struct fixture *fixture)
{
    struct repair out;
    struct trace_error error;
    if (repair(fixture, &out, &error) != 0)
        fail_msg("%s", error.text);
    expect_sound(repaired(fixture));
    assert_int_equal(access(fixture_name(fixture, "repaired.db-wal"), F_OK), -1);
    struct stat st;
    assert_int_equal(stat(repaired(fixture), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    return out;
}

static void expect_nothing(const struct fixture *fixture, int code, const char *words)
{
    struct repair out;
    struct trace_error error;
    assert_int_equal(repair(fixture, &out, &error), code);
    if (!strstr(error.text, words))
        fail_msg("\"%s\" says nothing of \"%s\"", error.text, words);
    assert_int_equal(access(repaired(fixture), F_OK), -1);
}

static bool says(const struct repair *out, const char *words)
{
    for (size_t i = 0; i < out->reasons_count; i++)
        if (strstr(out->reasons[i], words))
            return true;
    return false;
}

static const struct repair_table *told(const struct repair *out, const char *name)
{
    for (size_t i = 0; i < out->tables_count; i++)
        if (strcmp(out->tables[i].name, name) == 0)
            return &out->tables[i];
    fail_msg("nothing is told of %s", name);
    return NULL;
}

/* It says of itself that it is incomplete: meta, run, and so `leash check`. */
static void expect_marked(const char *path, bool partial)
{
    assert_int_equal(ask(path, "SELECT count(*) FROM run WHERE end_kind = 'partial'"), partial);
    assert_int_equal(ask(path, "SELECT count(*) FROM meta WHERE key = 'repaired'"), partial);
    assert_int_equal(ask(path, "SELECT count(*) FROM meta WHERE key = 'complete' AND value = 'partial'"), partial);
}

/* ---- cut off ---- */

/* Cells on the leaves that a file of so many pages still has. */
static int64_t rows_within(const struct fixture *fixture, const char *table, size_t pages)
{
    return ask(fixture->path,
               "SELECT coalesce(sum(ncell), 0) FROM dbstat WHERE name = %Q AND pagetype = 'leaf' AND pageno <= %d",
               table, (int)pages);
}

static void test_cut_off(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    for (size_t percent = 10; percent < 100; percent += 10) {
        size_t size = whole.size * percent / 100 + percent; /* within a page */
        bytes_write(damaged(fixture), &whole, size);
        struct repair out = expect_repair(fixture);
        expect_subset(repaired(fixture), fixture->path);
        expect_marked(repaired(fixture), !out.whole);
        assert_true(says(&out, "its header says"));
        for (size_t i = 0; i < LARGE; i++) {
            int64_t there = rows_within(fixture, large[i], size / DAMAGE_PAGE);
            assert_int_equal(told(&out, large[i])->saved, there);
            assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM \"%w\"", large[i]), there);
        }
        assert_int_equal(told(&out, "task")->expected, told(&out, "total")->saved ? TASKS : -1);
        assert_int_equal(fixture_size(damaged(fixture)), size); /* only looked at */
    }
    bytes_free(&whole);
}

/* The findings are made anew, and the views work. */
static void test_cut_off_is_a_trace(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    bytes_write(damaged(fixture), &whole, whole.size * 6 / 10);
    expect_repair(fixture);
    struct trace *trace = NULL;
    struct trace_error error;
    assert_int_equal(trace_open(repaired(fixture), &(struct trace_options){0}, &trace, &error), 0);
    trace_close(trace);
    assert_int_equal(ask(repaired(fixture), "SELECT (SELECT count(*) FROM leak) - (SELECT count(*) FROM finding)"), 0);
    assert_true(ask(repaired(fixture), "SELECT count(*) FROM event") > 0);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM sqlite_schema WHERE name = 'await_by_task'"), 1);
    bytes_free(&whole);
}

/* ---- scribbled on ---- */

static void test_first_page_lost(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    memset(whole.data, 0, DAMAGE_PAGE);
    bytes_write(damaged(fixture), &whole, whole.size);
    struct repair out = expect_repair(fixture);
    assert_false(out.whole);
    assert_true(says(&out, "first page"));
    expect_subset(repaired(fixture), fixture->path);
    for (size_t i = 0; i < LARGE; i++)
        assert_int_equal(ask_both(repaired(fixture), fixture->path,
                                  "SELECT (SELECT count(*) FROM main.\"%w\") = (SELECT count(*) FROM other.\"%w\")",
                                  large[i], large[i]),
                         1);
    bytes_free(&whole);
}

/* The schema lies on several pages: what is told of some tables may be lost alone. */
static void test_schema_page_lost(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    int64_t root =
        ask(fixture->path, "SELECT min(pageno) FROM dbstat WHERE name = 'sqlite_schema' AND pagetype = 'leaf'");
    assert_true(root > 1);
    memset(whole.data + (root - 1) * DAMAGE_PAGE, 0, DAMAGE_PAGE);
    bytes_write(damaged(fixture), &whole, whole.size);
    struct repair out = expect_repair(fixture);
    assert_false(out.whole);
    expect_subset(repaired(fixture), fixture->path);
    int64_t unrooted = 0;
    for (size_t i = 0; i < out.tables_count; i++)
        unrooted += out.tables[i].missing > 0;
    assert_true(unrooted > 3);
    for (size_t i = 0; i < LARGE; i++)
        assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM \"%w\"", large[i]),
                         ask(fixture->path, "SELECT count(*) FROM \"%w\"", large[i]));
    bytes_free(&whole);
}

/* Each interior page and each tree's root lost in turn: the leaves are found by their rows. */
static void test_interior_pages_lost(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    unsigned char page[DAMAGE_PAGE];
    int64_t number = 1;
    while ((number = ask(
                fixture->path,
                "SELECT coalesce(min(pageno), 0) FROM dbstat WHERE pagetype = 'internal' AND pageno > %lld AND name "
                "IN ('task', 'await', 'coro', 'site', 'site_stat')",
                number)) != 0) {
        memcpy(page, whole.data + (number - 1) * DAMAGE_PAGE, DAMAGE_PAGE);
        memset(whole.data + (number - 1) * DAMAGE_PAGE, 0, DAMAGE_PAGE);
        bytes_write(damaged(fixture), &whole, whole.size);
        memcpy(whole.data + (number - 1) * DAMAGE_PAGE, page, DAMAGE_PAGE);
        struct repair out = expect_repair(fixture);
        assert_false(out.whole);
        expect_subset(repaired(fixture), fixture->path);
        for (size_t i = 0; i < LARGE; i++)
            assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM \"%w\"", large[i]),
                             ask(fixture->path, "SELECT count(*) FROM \"%w\"", large[i]));
    }
    bytes_free(&whole);
}

static uint64_t random_state = 88172645463325252u;

static size_t below(size_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state % limit);
}

static void test_pages_lost(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    unsigned char page[DAMAGE_PAGE];
    for (size_t round = 0; round < 12; round++) {
        size_t number = 2 + below(whole.size / DAMAGE_PAGE - 1);
        unsigned char *at = whole.data + (number - 1) * DAMAGE_PAGE;
        memcpy(page, at, DAMAGE_PAGE);
        memset(at, (int)below(256), DAMAGE_PAGE);
        bytes_write(damaged(fixture), &whole, whole.size);
        memcpy(at, page, DAMAGE_PAGE);
        expect_repair(fixture);
        expect_subset(repaired(fixture), fixture->path);
        int64_t lost = ask(fixture->path,
                           "SELECT coalesce(sum(ncell), 0) FROM dbstat WHERE pagetype = 'leaf' AND pageno = %d"
                           " AND name = 'task'",
                           (int)number);
        assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM task"), TASKS - lost);
    }
    bytes_free(&whole);
}

/* A byte here and there may change a row, which nothing can tell; it may not take others along. */
static void test_bytes_changed(void **state)
{
    struct fixture *fixture = *state;
    struct bytes whole = make_big(fixture);
    for (size_t round = 0; round < 8; round++) {
        unsigned char *before = malloc(whole.size);
        assert_non_null(before);
        memcpy(before, whole.data, whole.size);
        for (size_t i = 0; i < 20; i++)
            whole.data[DAMAGE_PAGE + below(whole.size - DAMAGE_PAGE)] = (unsigned char)below(256);
        bytes_write(damaged(fixture), &whole, whole.size);
        memcpy(whole.data, before, whole.size);
        free(before);
        expect_repair(fixture);
        assert_true(ask_both(repaired(fixture), fixture->path,
                             "SELECT count(*) FROM (SELECT * FROM main.task INTERSECT SELECT * FROM other.task)") >
                    TASKS - 20 * 80); /* at worst each took a page of rows along */
    }
    bytes_free(&whole);
}

/* Makes a page of the damaged trace, an empty one of table scan, unreadable: so that all must be read page by page. */
static void spoil_a_page(const struct fixture *fixture)
{
    struct bytes bytes = bytes_read(damaged(fixture));
    int64_t root = ask(damaged(fixture), "SELECT rootpage FROM sqlite_schema WHERE name = 'scan'");
    memset(bytes.data + (root - 1) * DAMAGE_PAGE, 0, DAMAGE_PAGE);
    bytes_write(damaged(fixture), &bytes, bytes.size);
    bytes_free(&bytes);
}

/* Rows that take many pages, one and a few bytes more than one, and one that just fits. */
static void test_long_rows(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN
                 "INSERT INTO site(id, file, func) SELECT n, printf('%.*c', n, 'a'), printf('%.*c', n / 2, 'b')"
                 " FROM (SELECT 40000 AS n UNION VALUES(2600), (2650), (2700), (4000), (8190));");
    fixture_copy(fixture->path, damaged(fixture));
    spoil_a_page(fixture);
    struct repair out = expect_repair(fixture);
    assert_true(out.rebuilt);
    expect_subset(repaired(fixture), fixture->path);
    assert_int_equal(told(&out, "site")->saved, 7);
}

/* Pages that are in no use still hold the rows that they had. */
static void test_deleted_rows_stay_deleted(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path,
                 FIXTURE_RUN "WITH RECURSIVE r(n) AS (SELECT 100 UNION ALL SELECT n + 1 FROM r WHERE n < 3000)"
                             " INSERT INTO task(id, state) SELECT n, 'done' FROM r");
    fixture_sql(fixture->path, "PRAGMA secure_delete = OFF; DELETE FROM task WHERE id > 150");
    assert_true(ask(fixture->path, "PRAGMA freelist_count") > 5);
    fixture_copy(fixture->path, damaged(fixture));
    spoil_a_page(fixture);
    expect_repair(fixture);
    expect_subset(repaired(fixture), fixture->path);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM task"), 52);
}

/* Another version's table: its columns in another order, one that we do not know, and not all that we do. */
static void test_other_columns(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(damaged(fixture), FIXTURE_RUN);
    fixture_sql(damaged(fixture), "DROP TABLE failure; CREATE TABLE failure (message TEXT, -- a comment, (with) such\n"
                                  " id INTEGER PRIMARY KEY, kept INTEGER DEFAULT (1 + (2)), subject_kind TEXT NOT NULL,"
                                  " subject_id INTEGER NOT NULL, code INTEGER);"
                                  "INSERT INTO failure VALUES('broken', 7, 5, 'task', 31, -5)");
    spoil_a_page(fixture);
    struct repair out = expect_repair(fixture);
    assert_int_equal(told(&out, "failure")->saved, 1);
    assert_int_equal(ask(repaired(fixture),
                         "SELECT count(*) FROM failure WHERE id = 7 AND message = 'broken' AND code = -5"
                         " AND subject_id = 31 AND subject_kind = 'task' AND at_ns IS NULL"),
                     1);
}

/* ---- what is beside it ---- */

static void test_wal_is_folded_in(void **state)
{
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    fixture_make_killed(damaged(fixture), sql);
    free(sql);
    struct repair out = expect_repair(fixture);
    assert_true(out.whole);
    assert_false(out.rebuilt);
    expect_subset(repaired(fixture), fixture->path);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM task"), 8);
    expect_marked(repaired(fixture), false);
    assert_true(fixture_size(fixture_name(fixture, "damaged.db-wal")) > 0); /* still there */
}

static void test_without_its_wal(void **state)
{
    struct fixture *fixture = *state;
    fixture_make_killed(damaged(fixture), FIXTURE_RUN);
    assert_int_equal(unlink(fixture_name(fixture, "damaged.db-wal")), 0);
    expect_nothing(fixture, -EBADMSG, "nothing of a trace could be found in it");
}

/* A -wal with transactions of a task each: SQLite takes it up to the first damage only. */
static void test_damaged_wal(void **state)
{
    enum { ROWS = 200 };
    struct fixture *fixture = *state;
    char sql[200 * ROWS] = "";
    fixture_make(fixture->path, FIXTURE_RUN);
    fixture_copy(fixture->path, damaged(fixture));
    const char *alive = fixture_name(fixture, "alive.db");
    fixture_copy(fixture->path, alive);
    for (int i = 0; i < ROWS; i++)
        snprintf(sql + strlen(sql), 200, "INSERT INTO task(id, name, state) VALUES(%d, 'one of many', 'done');",
                 i + 100);
    fixture_keep_wal(alive, sql, fixture_name(fixture, "damaged.db-wal"));
    fixture_sql(fixture->path, sql);
    struct bytes wal = bytes_read(fixture_name(fixture, "damaged.db-wal"));
    wal.data[wal.size / 2] ^= 1;
    bytes_write(fixture_name(fixture, "damaged.db-wal"), &wal, wal.size);
    struct repair out = expect_repair(fixture);
    assert_false(out.whole);
    assert_true(says(&out, "1 page of the -wal is damaged"));
    expect_subset(repaired(fixture), fixture->path);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM task"), ROWS + 1); /* later images have them all */
    bytes_write(fixture_name(fixture, "damaged.db-wal"), &wal, wal.size * 9 / 10);   /* ... and cut off */
    out = expect_repair(fixture);
    assert_false(out.whole);
    int64_t saved = ask(repaired(fixture), "SELECT count(*) FROM task");
    assert_true(saved > ROWS * 8 / 10 && saved < ROWS);
    bytes_free(&wal);
}

/* ---- refusals ---- */

static void test_refusals(void **state)
{
    struct fixture *fixture = *state;
    struct repair out;
    struct trace_error error;
    expect_nothing(fixture, -ENOENT, "no such file");
    assert_int_equal(mkdir(damaged(fixture), 0755), 0);
    expect_nothing(fixture, -EINVAL, "is a directory");
    assert_int_equal(rmdir(damaged(fixture)), 0);
    fixture_write(damaged(fixture), "", 0);
    expect_nothing(fixture, -EBADMSG, "nothing of a trace");
    fixture_write(damaged(fixture), "junk", 4);
    expect_nothing(fixture, -EBADMSG, "nothing of a trace");
    unlink(damaged(fixture));
    fixture_sql(damaged(fixture),
                "CREATE TABLE site(id INTEGER PRIMARY KEY, file TEXT, line INTEGER, func TEXT, expr TEXT);"
                "INSERT INTO site VALUES(1, 'a', 1, 'b', 'c')");
    expect_nothing(fixture, -EBADMSG, "nothing of a trace");
    unlink(damaged(fixture));
    fixture_make(damaged(fixture), FIXTURE_RUN "PRAGMA user_version = 9");
    expect_nothing(fixture, -EPROTO, "upgrade leash");
    unlink(damaged(fixture));
    fixture_make(damaged(fixture), FIXTURE_RUN);
    assert_int_equal(trace_repair(damaged(fixture), damaged(fixture), &out, &error), -EEXIST);
    fixture_write(repaired(fixture), "mine", 4);
    assert_int_equal(trace_repair(damaged(fixture), repaired(fixture), &out, &error), -EEXIST);
    assert_non_null(strstr(error.text, "not overwritten"));
    assert_int_equal(fixture_size(repaired(fixture)), 4);
    fixture_write(repaired(fixture), "", 0); /* nothing, in a file */
    assert_int_equal(trace_repair(damaged(fixture), repaired(fixture), &out, &error), 0);
    assert_true(out.whole);
    assert_true(trace_repair(damaged(fixture), fixture_name(fixture, "none/new.db"), &out, &error) < 0);
    assert_non_null(strstr(error.text, "cannot be written"));
}

/* Whole as it is, it has less than this version asks for. */
static void test_older(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(damaged(fixture), FIXTURE_RUN
                 "INSERT INTO object(id, kind, name) VALUES(1, 'lock', 'a'), (2, 'queue', 'b');"
                 "INSERT INTO misuse(id, kind, message) VALUES(1, 'wrong-thread', 'no');"
                 "ALTER TABLE object DROP COLUMN stack_id; ALTER TABLE object DROP COLUMN first_use_stack_id;"
                 "ALTER TABLE misuse DROP COLUMN stack_id; PRAGMA user_version = 1");
    struct repair out = expect_repair(fixture);
    assert_true(out.rebuilt);
    assert_int_equal(ask(repaired(fixture), "PRAGMA user_version"), LEASH_SCHEMA_VERSION);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM object WHERE stack_id IS NULL AND name > ''"), 2);
    assert_int_equal(ask(repaired(fixture), "SELECT count(*) FROM misuse WHERE message = 'no'"), 1);
}

static void test_live(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(damaged(fixture), FIXTURE_RUN);
    const char *spool = fixture_name(fixture, "damaged.db-spool");
    fixture_write(spool, "x", 1);
    int fd = open(spool, O_RDWR | O_CLOEXEC);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    assert_int_equal(fcntl(fd, F_OFD_SETLK, &lock), 0);
    /* a lock of another open file, as of another process */
    expect_nothing(fixture, -EBUSY, "a program is recording to it");
    close(fd);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_cut_off),
                                       WITH_FIXTURE(test_cut_off_is_a_trace),
                                       WITH_FIXTURE(test_first_page_lost),
                                       WITH_FIXTURE(test_schema_page_lost),
                                       WITH_FIXTURE(test_interior_pages_lost),
                                       WITH_FIXTURE(test_pages_lost),
                                       WITH_FIXTURE(test_bytes_changed),
                                       WITH_FIXTURE(test_long_rows),
                                       WITH_FIXTURE(test_deleted_rows_stay_deleted),
                                       WITH_FIXTURE(test_other_columns),
                                       WITH_FIXTURE(test_wal_is_folded_in),
                                       WITH_FIXTURE(test_without_its_wal),
                                       WITH_FIXTURE(test_damaged_wal),
                                       WITH_FIXTURE(test_refusals),
                                       WITH_FIXTURE(test_older),
                                       WITH_FIXTURE(test_live)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
