/* Changes bytes of a trace, of its -wal or of both, heavily, and repairs it: it is refused with words, or what is made
 * is sound, and a trace. Without a first page that can be read SQLite's own tables do not lead the way, so that this is
 * often lost. */
#include "fixture.h"
#include "mutate.h"
#include "repair.h"
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 50

struct file {
    unsigned char *bytes, *changed;
    size_t size;
};

static void load(struct file *file, const char *path)
{
    file->size = fixture_size(path);
    file->bytes = malloc(file->size);
    file->changed = malloc(file->size);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    assert_int_equal(fread(file->bytes, 1, file->size, in), file->size);
    fclose(in);
}

static void save_changed(struct file *file, const char *path)
{
    size_t size = file->size;
    memcpy(file->changed, file->bytes, size);
    for (size_t i = mutate_below(6); i-- > 0 && size > 200;)
        size = mutate_bytes(file->changed, size);
    if (mutate_below(4) == 0)
        memset(file->changed, 0, size < 4096 ? size : 4096);
    fixture_write(path, file->changed, size);
}

static void expect_sound(const char *path, unsigned round)
{
    sqlite3 *db;
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &row, NULL), SQLITE_OK);
    if (sqlite3_step(row) != SQLITE_ROW || strcmp((const char *)sqlite3_column_text(row, 0), "ok") != 0)
        fail_msg("round %u: %s", round, sqlite3_errmsg(db));
    sqlite3_finalize(row);
    sqlite3_close(db);
}

static bool repair(const struct fixture *fixture, unsigned round)
{
    struct repair out;
    struct trace_error error = {""};
    struct trace *trace;
    const char *made = fixture_name(fixture, "made.db");
    unlink(made);
    if (trace_repair(fixture_name(fixture, "changed.db"), made, &out, &error) < 0) {
        assert_true(*error.text);
        assert_int_equal(access(made, F_OK), -1);
        return false;
    }
    expect_sound(made, round);
    if (trace_open(made, &(struct trace_options){0}, &trace, &error) < 0)
        fail_msg("round %u: %s", round, error.text);
    trace_close(trace);
    return true;
}

static void run(struct fixture *fixture, const char *path, bool with_wal)
{
    struct file db, wal;
    unsigned count = mutate_rounds(ROUNDS), made = 0;
    char name[300];
    mutate_seed(count);
    load(&db, path);
    snprintf(name, sizeof name, "%s-wal", path);
    if (with_wal)
        load(&wal, name);
    for (unsigned round = 0; round < count; round++) {
        save_changed(&db, fixture_name(fixture, "changed.db"));
        if (with_wal)
            save_changed(&wal, fixture_name(fixture, "changed.db-wal"));
        made += repair(fixture, round);
    }
    print_message("%u of %u could be repaired\n", made, count);
    assert_true(count < 40 || made > count / 4);
    free(db.bytes);
    free(db.changed);
    if (with_wal) {
        free(wal.bytes);
        free(wal.changed);
    }
}

/* Rows that take several pages, so that there are chains of them to go astray. */
#define LONG_ROWS                                                                                                      \
    "INSERT INTO site(id, file) SELECT 100 + id, printf('%.*c', 3000 * id, 'x') FROM task WHERE id < 40;"              \
    "INSERT INTO await(task_id, target_kind) WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE "    \
    "n < 2000) SELECT n, 'sleep' FROM r;"

static void test_file(void **state)
{
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    fixture_sql(fixture->path, LONG_ROWS);
    free(sql);
    run(fixture, fixture->path, false);
}

static void test_wal(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    fixture_copy(fixture->path, fixture_name(fixture, "alive.db"));
    fixture_keep_wal(fixture_name(fixture, "alive.db"), LONG_ROWS, fixture_name(fixture, "t.db-wal"));
    run(fixture, fixture->path, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_file, fixture_begin, fixture_end),
                                       cmocka_unit_test_setup_teardown(test_wal, fixture_begin, fixture_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
