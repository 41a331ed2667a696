/* What a person and what a machine reads. */
#include "fixture.h"
#include "reporting.h"
#include "test.h"
#include "trace.h"

#include <fcntl.h>
#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_text(void **state)
{
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    make_source(fixture);
    char *text = report(fixture, sql, &report_text, NULL, fixture->dir);
    fixture_golden("shop.txt", text);
    free(text);
    text = report(fixture, sql, &report_text, &(struct report_options){.verbosity = -1}, fixture->dir);
    fixture_golden("shop_quiet.txt", text);
    free(text);
    text = report(fixture, sql, &report_text, &(struct report_options){.colour = true}, fixture->dir);
    assert_non_null(strstr(text, "\033[1;31merror[unreferenced]\033[0m"));
    free(text);
    free(sql);
}

static void test_many_of_a_kind(void **state)
{
    struct fixture *fixture = *state;
    static const char sql[] =
        FIXTURE_RUN "INSERT INTO site VALUES(2, 'src/a.c', 3, 'f', 'g');"
                    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(1, 2, 5, 'created', 512), (2, 2, "
                    "6, 'created', 512),"
                    "(3, 2, 7, 'created', 512), (4, 2, 8, 'created', 512), (5, 2, 9, 'created', 512);";
    char *text = report(fixture, sql, &report_text, NULL, fixture->dir);
    assert_non_null(strstr(text, "others      #c2 g, #c3 g and 2 more like these\n"));
    free(text);
    text = report(fixture, sql, &report_text, &(struct report_options){.verbosity = 1}, fixture->dir);
    assert_non_null(strstr(text, "others      #c2 g, #c3 g, #c4, #c5\n"));
    free(text);
}

static void test_text_of_endings(void **state)
{
    static const struct {
        const char *golden, *sql;
    } cases[] = {
        {"clean.txt", ""},
        {"exited.txt", "UPDATE run SET end_kind = 'exited', exit_code = 3"},
        {"dropped.txt", "UPDATE run SET dropped = 12"},
        {"unfinished.txt", "UPDATE run SET end_kind = 'running', ended_ns = NULL"},
        {"crashed.txt", "UPDATE run SET end_kind = 'crashed', ended_ns = 3200000000;"
                        "INSERT INTO task(id, name, site_id, loop_id, created_ns, state) VALUES"
                        "(2, 'busy', 1, 1, 5, 'pending'), (3, 'asleep', 1, 1, 5, 'pending');"
                        "INSERT INTO await(id, task_id, target_kind, sleep_us, site_id, began_ns) VALUES"
                        "(1, 3, 'sleep', 2000000, 1, 5)"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char sql[3000];
        snprintf(sql, sizeof sql, "%s%s", FIXTURE_RUN, cases[i].sql);
        char *text = report(fixture, sql, &report_text, NULL, fixture->dir);
        fixture_golden(cases[i].golden, text);
        free(text);
    }
}

static const char nasty[] = FIXTURE_RUN
    "INSERT INTO site VALUES(2, 'a' || char(27) || '[2J.c', 3, char(7) || 'f', 'g' || char(0x202e)),"
    "(3, CAST(x'ff1b' AS TEXT), 1, NULL, NULL);"
    "INSERT INTO coro(id, site_id, created_ns, state, facts) VALUES(1, 2, 5, 'created', 512);"
    "INSERT INTO task(id, name, site_id, loop_id, state, facts, lost_ns) VALUES(2, 'x' || char(10, 27, 0x9b), 3,"
    " 1, 'cancelled', 321, 9);";

static void test_control_bytes(void **state)
{
    struct fixture *fixture = *state;
    static const struct report_format *const formats[] = {&report_text, &report_json};
    for (size_t i = 0; i < 2; i++) {
        char *text = report(fixture, nasty, formats[i], NULL, fixture->dir);
        for (const char *at = text; *at; at++)
            if ((unsigned char)*at < 0x20 && *at != '\n')
                fail_msg("byte %02x in: %s", (unsigned char)*at, text);
        assert_null(strstr(text, "\xc2\x9b"));
        assert_null(strstr(text, "\xe2\x80\xae"));
        free(text);
    }
    char *text = report(fixture, nasty, &report_text, NULL, fixture->dir);
    assert_non_null(strstr(text, "a\\x1b[2J.c:3 in \\x07f"));
    assert_non_null(strstr(text, "\"x\\x0a\\x1b\\x9b\""));
    free(text);
}

static json_t *parsed(char *text)
{
    json_error_t error;
    json_t *value = json_loads(text, 0, &error);
    if (!value)
        fail_msg("%s: %s", error.text, text);
    free(text);
    return value;
}

static const char *string_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

static void test_json(void **state)
{
    struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    json_t *value = parsed(report(fixture, sql, &report_json, NULL, fixture->dir));
    free(sql);
    assert_string_equal(string_at(value, "schema"), "leash.check/1");
    assert_int_equal(json_integer_value(json_object_get(value, "exit")), 1);
    json_t *trace = json_array_get(json_object_get(value, "traces"), 0);
    assert_string_equal(string_at(trace, "path"), "shop.db");
    assert_true(json_is_true(json_object_get(trace, "complete")));
    assert_int_equal(json_integer_value(json_object_get(trace, "dropped")), 0);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(value, "totals"), "leaks")), 7);
    json_t *leaks = json_object_get(value, "leaks");
    assert_int_equal(json_array_size(leaks), 5);
    static const char *const fields[] = {"id",    "class", "severity", "fingerprint", "count",        "site",
                                         "stack", "chain", "root",     "hint",        "suppressed_by"};
    for (size_t i = 0; i < json_array_size(leaks); i++)
        for (size_t j = 0; j < sizeof fields / sizeof *fields; j++)
            assert_non_null(json_object_get(json_array_get(leaks, i), fields[j]));
    json_t *pending = json_array_get(leaks, 2);
    assert_string_equal(string_at(pending, "class"), "pending-at-exit");
    assert_string_equal(string_at(pending, "id"), "#31");
    assert_string_equal(string_at(pending, "root"), "sleep 10.000s");
    assert_int_equal(json_integer_value(json_object_get(pending, "count")), 2);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(pending, "site"), "line")), 57);
    assert_int_equal(json_array_size(json_object_get(pending, "chain")), 3);
    assert_int_equal(strlen(string_at(pending, "fingerprint")), 8);
    assert_string_equal(string_at(json_array_get(leaks, 4), "severity"), "warning");
    json_decref(value);
}

static void test_json_of_trouble(void **state)
{
    (void)state;
    struct shown shown;
    show_begin(&shown, "/tmp");
    const struct report_trace trace = {"x.db", NULL, "x.db: no such file", {.code = EXIT_TROUBLE}};
    report_json.check(&shown.options, &trace, 1, EXIT_TROUBLE);
    fclose(shown.options.out);
    json_t *value = parsed(shown.text);
    assert_int_equal(json_integer_value(json_object_get(value, "exit")), 2);
    assert_string_equal(string_at(json_array_get(json_object_get(value, "traces"), 0), "error"), "x.db: no such file");
    json_decref(value);
}

/* ---- source code ---- */

static bool reads(const struct shown *shown, const char *file)
{
    struct source_lines lines;
    source_read(&shown->options.source, file, 1, 0, &lines);
    return lines.found;
}

static void test_source_stays_below_its_root(void **state)
{
    struct fixture *fixture = *state;
    struct shown shown;
    char absolute[300], out[300];
    assert_int_equal(mkdir(fixture_name(fixture, "root"), 0755), 0);
    assert_int_equal(mkdir(fixture_name(fixture, "root/src"), 0755), 0);
    assert_int_equal(mkdir(fixture_name(fixture, "rooted"), 0755), 0);
    fixture_write(fixture_name(fixture, "root/src/a.c"), "code\n", 5);
    fixture_write(fixture_name(fixture, "secret"), "key\n", 4);
    fixture_write(fixture_name(fixture, "rooted/b.c"), "key\n", 4);
    assert_int_equal(symlink(fixture_name(fixture, "secret"), fixture_name(fixture, "root/link.c")), 0);
    assert_int_equal(symlink("src/a.c", fixture_name(fixture, "root/inside.c")), 0);
    assert_int_equal(mkfifo(fixture_name(fixture, "root/pipe.c"), 0600), 0);
    snprintf(absolute, sizeof absolute, "%s", fixture_name(fixture, "root/src/a.c"));
    snprintf(out, sizeof out, "%s", fixture_name(fixture, "secret"));
    show_begin(&shown, fixture_name(fixture, "root"));
    assert_true(reads(&shown, "src/a.c"));
    assert_true(reads(&shown, absolute));
    assert_true(reads(&shown, "/build/machine/project/src/a.c"));
    assert_true(reads(&shown, "../../src/a.c"));
    assert_true(reads(&shown, "inside.c"));
    assert_false(reads(&shown, "../secret"));
    assert_false(reads(&shown, out));
    assert_false(reads(&shown, "link.c"));
    assert_false(reads(&shown, "../rooted/b.c"));
    assert_false(reads(&shown, "pipe.c"));
    assert_false(reads(&shown, "src"));
    assert_false(reads(&shown, "/dev/zero"));
    assert_false(reads(&shown, ""));
    assert_string_equal(source_relative(&shown.options.source, absolute), "src/a.c");
    assert_string_equal(source_relative(&shown.options.source, out), out);
    assert_string_equal(source_relative(&shown.options.source, "src/a.c"), "src/a.c");
    fclose(shown.options.out);
    free(shown.text);
}

static void test_source_lines(void **state)
{
    struct fixture *fixture = *state;
    struct shown shown;
    struct source_lines lines;
    char text[3000];
    memset(text, 'x', sizeof text);
    memcpy(text, "one\ntwo\n", 8);
    text[2990] = '\n';
    memcpy(text + 2991, "last", 4);
    fixture_write(fixture_name(fixture, "a.c"), text, 2995);
    show_begin(&shown, fixture->dir);
    source_read(&shown.options.source, "a.c", 2, 1, &lines);
    assert_true(lines.found);
    assert_true(lines.newer);
    assert_string_equal(lines.before, "one");
    assert_string_equal(lines.line, "two");
    source_read(&shown.options.source, "a.c", 4, 0, &lines);
    assert_string_equal(lines.line, "last");
    assert_int_equal(strlen(lines.before), SOURCE_LINE_MAX - 1);
    source_read(&shown.options.source, "a.c", 5, 0, &lines);
    assert_false(lines.found);
    source_read(&shown.options.source, "a.c", -1, 0, &lines);
    assert_false(lines.found);
    struct source_map map = {"/old/place/", fixture_name(fixture, "")};
    shown.options.source.maps = &map;
    shown.options.source.maps_count = 1;
    source_read(&shown.options.source, "/old/place/a.c", 1, 0, &lines);
    assert_true(lines.found);
    fclose(shown.options.out);
    free(shown.text);
}

/* ---- tables ---- */

static char *table_of(struct fixture *fixture, const struct report_format *format, const char *sql)
{
    struct shown shown;
    struct trace *trace = NULL;
    struct trace_error error;
    struct model_table *table;
    char why[300];
    show_begin(&shown, fixture->dir);
    remove(fixture->path);
    fixture_make(fixture->path, FIXTURE_RUN);
    assert_int_equal(trace_open(fixture->path, &(struct trace_options){.grace = 0}, &trace, &error), 0);
    if (model_sql_open(trace, sql, &table, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_int_equal(format->table(&shown.options, table), 0);
    model_table_close(table);
    trace_close(trace);
    fclose(shown.options.out);
    return shown.text;
}

static void test_tables(void **state)
{
    struct fixture *fixture = *state;
    char *text = table_of(fixture, &report_text,
                          "SELECT 1 AS n, 'caf\xc3\xa9' AS word, 2.5 AS x, NULL AS missing, x'00ff' AS bytes"
                          " UNION ALL SELECT 100, 'a' || char(27), 3, NULL, x''");
    assert_string_equal(text, "  N  WORD     X  MISSING  BYTES\n"
                              "  1  caf\xc3\xa9   2.5        -  x'00ff'\n"
                              "100  a\\x1b    3        -  x''\n");
    free(text);
    json_t *rows = parsed(table_of(fixture, &report_json, "SELECT 1 AS n, 'a' || char(27) AS word"));
    assert_string_equal(string_at(json_array_get(rows, 0), "word"), "a\033");
    json_decref(rows);
    rows = parsed(table_of(fixture, &report_json, "SELECT 1 AS n WHERE 0"));
    assert_int_equal(json_array_size(rows), 0);
    json_decref(rows);
    text = table_of(fixture, &report_text,
                    "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r LIMIT 1000) SELECT n FROM r");
    assert_non_null(strstr(text, "\n 999\n1000\n") ? text : strstr(text, "\n999\n1000\n"));
    free(text);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_text),
                                       WITH_FIXTURE(test_many_of_a_kind),
                                       WITH_FIXTURE(test_text_of_endings),
                                       WITH_FIXTURE(test_control_bytes),
                                       WITH_FIXTURE(test_json),
                                       cmocka_unit_test(test_json_of_trouble),
                                       WITH_FIXTURE(test_source_stays_below_its_root),
                                       WITH_FIXTURE(test_source_lines),
                                       WITH_FIXTURE(test_tables)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
