/* Changes bytes of a valid trace, or values in its rows, and opens it: whatever is in it, the inspector answers, in
 * bounded time, and its report holds no control byte. FUZZ_SEED and FUZZ_ROUNDS choose; the seed is printed. */
#include "export.h"
#include "fixture.h"
#include "mutate.h"
#include "report.h"
#include "test.h"
#include "trace.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BYTE_ROUNDS  300
#define VALUE_ROUNDS 60

static void expect_no_control(const char *text, unsigned round)
{
    for (const char *at = text; at && *at; at++)
        if ((unsigned char)*at < 0x20 && *at != '\n')
            fail_msg("round %u: byte %02x in: %s", round, (unsigned char)*at, text);
}

static void report_all(struct model_snapshot *snapshot, unsigned round)
{
    static const struct report_format *const formats[] = {&report_text, &report_json};
    for (size_t i = 0; i < 2; i++) {
        char *text = NULL;
        size_t length;
        struct report_options options = {.out = open_memstream(&text, &length), .leak_code = 1};
        struct report_trace trace = {"t.db", snapshot, NULL, model_judge(snapshot, &(struct model_policy){0})};
        options.out ? formats[i]->check(&options, &trace, 1, trace.verdict.code) : (void)0;
        fclose(options.out);
        expect_no_control(text, round);
        free(text);
    }
}

static void export_all(struct trace *trace, unsigned round)
{
    for (size_t i = 0; export_format_at(i); i++) {
        char *text = NULL;
        size_t length;
        struct export_job job = {.trace = trace, .out = open_memstream(&text, &length), .limit = 50};
        if (export_write(export_format_at(i), &job) < 0)
            assert_true(*job.failure);
        fclose(job.out);
        expect_no_control(text, round);
        free(text);
    }
}

/* True if it could be opened. */
static bool look(const char *path, unsigned round)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    struct model_snapshot snapshot;
    struct model_detail detail;
    char why[1024];
    if (trace_open(path, &(struct trace_options){.query_seconds = 2}, &trace, &error) != 0) {
        assert_true(*error.text);
        return false;
    }
    if (model_load(trace, NULL, &snapshot, why, sizeof why) == 0) {
        report_all(&snapshot, round);
        model_free(&snapshot);
    }
    if (model_detail_load(trace, (struct model_ref){MODEL_TASK, 31}, &detail, why, sizeof why) == 0)
        model_detail_free(&detail);
    export_all(trace, round);
    trace_close(trace);
    return true;
}

static void make_shop(const struct fixture *fixture)
{
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
}

static void test_changed_bytes(void **state)
{
    struct fixture *fixture = *state;
    unsigned count = mutate_rounds(BYTE_ROUNDS), opened = 0;
    mutate_seed(count);
    make_shop(fixture);
    size_t size = fixture_size(fixture->path);
    unsigned char *whole = malloc(size), *changed = malloc(size);
    FILE *file = fopen(fixture->path, "r");
    assert_int_equal(fread(whole, 1, size, file), size);
    fclose(file);
    const char *path = fixture_name(fixture, "changed.db");
    for (unsigned round = 0; round < count; round++) {
        memcpy(changed, whole, size);
        size_t length = mutate_bytes(changed, size);
        fixture_write(path, changed, length);
        opened += look(path, round);
    }
    print_message("%u of %u could be opened\n", opened, count);
    assert_true(count < 100 || opened > 0); /* else nothing beyond the header was tried */
    free(whole);
    free(changed);
}

/* ---- values ---- */

static const char *const columns[][2] = {{"run", "end_kind"},
                                         {"run", "ended_ns"},
                                         {"run", "began_unix_ns"},
                                         {"run", "dropped"},
                                         {"run", "exit_code"},
                                         {"task", "coro_id"},
                                         {"task", "name"},
                                         {"task", "site_id"},
                                         {"task", "coro_site_id"},
                                         {"task", "creator_task_id"},
                                         {"task", "loop_id"},
                                         {"task", "stack_id"},
                                         {"task", "created_ns"},
                                         {"task", "began_ns"},
                                         {"task", "ended_ns"},
                                         {"task", "state"},
                                         {"task", "code"},
                                         {"task", "failure_id"},
                                         {"task", "facts"},
                                         {"task", "lost_ns"},
                                         {"task", "exit_await_id"},
                                         {"await", "task_id"},
                                         {"await", "coro_id"},
                                         {"await", "target_kind"},
                                         {"await", "target_id"},
                                         {"await", "sleep_us"},
                                         {"await", "site_id"},
                                         {"await", "began_ns"},
                                         {"await", "ended_ns"},
                                         {"coro", "site_id"},
                                         {"coro", "state"},
                                         {"coro", "parent_coro_id"},
                                         {"coro", "await_site_id"},
                                         {"coro", "facts"},
                                         {"coro", "function_frame_id"},
                                         {"site", "file"},
                                         {"site", "line"},
                                         {"site", "func"},
                                         {"site", "expr"},
                                         {"failure", "message"},
                                         {"loop", "main_ended_ns"},
                                         {"object", "kind"},
                                         {"child", "member_id"}};

static const char *const values[] = {"NULL",
                                     "0",
                                     "1",
                                     "-1",
                                     "31",
                                     "12",
                                     "1025",
                                     "9223372036854775807",
                                     "-9223372036854775808",
                                     "1e300",
                                     "'task'",
                                     "'object'",
                                     "'sleep'",
                                     "'pending'",
                                     "'done'",
                                     "''",
                                     "x'00'",
                                     "x'ff1b5b'",
                                     "char(27) || '[2J'",
                                     "char(0x202e, 0x9b, 10)",
                                     "zeroblob(9000)",
                                     "hex(zeroblob(9000))",
                                     "'../../../etc/passwd'",
                                     "'/dev/zero'",
                                     "'%s%n%p'",
                                     "'Task-'",
                                     "rowid",
                                     "random()",
                                     "abs(random() % 50)"};

/* Columns that may not be NULL refuse some values; the others are changed. */
static void change_values(sqlite3 *db)
{
    char sql[400];
    size_t changes = 1 + mutate_below(12);
    sqlite3_exec(db, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL);
    for (size_t i = 0; i < changes; i++) {
        const char *const *column = columns[mutate_below(sizeof columns / sizeof *columns)];
        snprintf(sql, sizeof sql, "UPDATE OR IGNORE %s SET %s = %s WHERE %zu > abs(random() %% 4)", column[0],
                 column[1], values[mutate_below(sizeof values / sizeof *values)], 1 + mutate_below(4));
        sqlite3_exec(db, sql, NULL, NULL, NULL);
    }
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
}

static void test_changed_values(void **state)
{
    struct fixture *fixture = *state;
    unsigned count = mutate_rounds(VALUE_ROUNDS);
    mutate_seed(count);
    make_shop(fixture);
    fixture_sql(fixture->path, "INSERT INTO object(id, kind) VALUES(1, 'gather'), (31, 'queue');"
                               "INSERT INTO child VALUES(1, 0, 'task', 31), (1, 1, 'task', 12), (31, 0, 'task', 7)");
    const char *path = fixture_name(fixture, "changed.db");
    for (unsigned round = 0; round < count; round++) {
        sqlite3 *db;
        fixture_copy(fixture->path, path);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        change_values(db);
        sqlite3_close(db);
        if (!look(path, round))
            fail_msg("round %u: a trace whose values alone were changed was not opened", round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_changed_bytes, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_changed_values, fixture_begin, fixture_end)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
