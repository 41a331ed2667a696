/* The rows of a list, page by page: against what SQLite's ORDER BY says. */
#include "rows.h"
#include "arena.h"
#include "buffer.h"
#include "fixture.h"
#include "query.h"
#include "test.h"
#include "trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct trace *trace;

/* 10,000 tasks with ids that have gaps, and an await each of every third; with their times in order. */
static const char many[] =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
    "INSERT INTO task(id, name, site_id, coro_site_id, creator_task_id, loop_id, created_ns, began_ns, ended_ns, state)"
    " SELECT 2 + i + i / 100 * 7, CASE WHEN i % 5 THEN 'w' || (i * 7919 % 1000) END, 1, 1, 1, 1, i * 1000, i * 1000 + "
    "5,"
    " i * 1000 + i * 7919 % 900000, 'done' FROM n;"
    "INSERT INTO await(task_id, target_kind, sleep_us, site_id, began_ns, ended_ns)"
    " SELECT id, 'sleep', 5, 1, began_ns, ended_ns FROM task WHERE id % 3 = 0 AND id > 1;"
    "UPDATE task SET run_ns = id * 31 % 77 WHERE id % 2;"
    "UPDATE task SET code = CASE WHEN id % 1000 = 1 THEN 'x' ELSE id % 7 END;";

static void open_trace(const struct fixture *fixture)
{
    struct trace_error error;
    if (trace_open(fixture->path, &(struct trace_options){0}, &trace, &error) < 0)
        fail_msg("%s", error.text);
}

static int make_many(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    fixture_sql(fixture->path, many);
    open_trace(fixture);
    return 0;
}

/* The same without gaps, from an id that is not the first. */
static int make_dense(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    fixture_make(fixture->path,
                 FIXTURE_RUN "UPDATE task SET id = 100;"
                             "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                             "INSERT INTO task(id, site_id, created_ns, ended_ns, state)"
                             " SELECT 100 + i, 1, i * 1000, i * 1000 + i * 7919 % 900000, 'done' FROM n");
    open_trace(fixture);
    return 0;
}

static int make_shop(void **state)
{
    fixture_begin(state);
    const struct fixture *fixture = *state;
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture->path, sql);
    free(sql);
    open_trace(fixture);
    return 0;
}

static int drop(void **state)
{
    trace_close(trace);
    return fixture_end(state);
}

static struct model_rows *rows_of(const struct model_rows_options *options)
{
    struct model_rows *rows = NULL;
    char why[300] = "";
    if (model_rows_open(trace, options, &rows, why, sizeof why) != 0)
        fail_msg("%s: %s", options->what, why);
    return rows;
}

static void add_cell(struct buffer *out, const struct model_cell *cell)
{
    if (cell->kind == MODEL_CELL_INTEGER)
        buffer_format(out, "%lld", (long long)cell->integer);
    else if (cell->kind == MODEL_CELL_TEXT)
        buffer_add_bytes(out, cell->text, cell->length);
    buffer_add(out, "|");
}

/* Rows first to first + n - 1, as text. */
static void add_page(struct model_rows *rows, const char *columns, size_t width, size_t first, size_t n,
                     struct buffer *out)
{
    struct arena arena = {0};
    char why[300];
    struct model_cell *cells = calloc(n * width, sizeof *cells);
    int got = model_rows_fetch(rows, trace, columns, first, n, &arena, cells, why, sizeof why);
    if (got < 0)
        fail_msg("%s", why);
    for (size_t i = 0; i < (size_t)got * width; i++) {
        add_cell(out, &cells[i]);
        buffer_add(out, (i + 1) % width ? "" : "\n");
    }
    arena_free(&arena);
    free(cells);
}

/* The same rows of the table that `leash list` prints. */
static void add_table(const struct model_rows_options *options, const char *columns, struct buffer *out)
{
    char sort[40], why[300];
    struct model_table *table;
    snprintf(sort, sizeof sort, "%s%s", options->down ? "-" : "", options->sort ? options->sort : "");
    const struct model_list_options list = {.columns = columns,
                                            .sort = options->sort ? sort : NULL,
                                            .filter = options->filter,
                                            .limit = options->limit ? (int64_t)options->limit : -1};
    if (model_list_open(trace, options->what, &list, &table, why, sizeof why) < 0)
        fail_msg("%s", why);
    while (model_table_next(table) > 0) {
        for (size_t i = 0; i < model_table_columns(table); i++) {
            struct model_cell cell = model_table_cell(table, i);
            add_cell(out, &cell);
        }
        buffer_add(out, "\n");
    }
    model_table_close(table);
}

static void expect_same(const struct model_rows_options *options, const char *columns, size_t width, size_t page)
{
    struct buffer paged = {0}, whole = {0};
    struct model_rows *rows = rows_of(options);
    size_t count = model_rows_count(rows);
    for (size_t first = 0; first < count; first += page)
        add_page(rows, columns, width, first, page, &paged);
    add_table(options, columns, &whole);
    if (strcmp(buffer_text(&paged), buffer_text(&whole)) != 0) {
        size_t at = 0;
        while (paged.text && whole.text && paged.text[at] && paged.text[at] == whole.text[at])
            at++;
        at -= at > 60 ? 60 : at;
        fail_msg("%s by %s%s: ...\n%.200s\n--- ORDER BY:\n%.200s", options->what, options->down ? "-" : "",
                 options->sort ? options->sort : "id", buffer_text(&paged) + at, buffer_text(&whole) + at);
    }
    model_rows_free(rows);
    buffer_free(&paged);
    buffer_free(&whole);
}

static void test_orders(void **state)
{
    static const char *const sorts[] = {NULL,      "id",    "name",   "age",       "run",
                                        "created", "state", "parent", "waits-for", "code"};
    (void)state;
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
        for (int down = 0; down < (sorts[i] ? 2 : 1); down++)
            expect_same(&(struct model_rows_options){.what = "tasks", .sort = sorts[i], .down = down},
                        "id,name,age,run", 4, 3000);
    expect_same(&(struct model_rows_options){.what = "awaits"}, "id,task", 2, 1000);
    expect_same(&(struct model_rows_options){.what = "awaits", .sort = "task", .down = true}, "id,task", 2, 999);
}

static void test_filtered(void **state)
{
    struct filter_error error;
    struct filter *filter = filter_parse("name:w1* age>10us", "tasks", &error);
    (void)state;
    assert_non_null(filter);
    expect_same(&(struct model_rows_options){.what = "tasks", .filter = filter}, "id,name", 2, 100);
    expect_same(&(struct model_rows_options){.what = "tasks", .filter = filter, .sort = "age", .down = true}, "id,age",
                2, 100);
    expect_same(&(struct model_rows_options){.what = "tasks", .filter = filter, .sort = "name", .limit = 10}, "id,name",
                2, 100);
    struct model_rows *rows =
        rows_of(&(struct model_rows_options){.what = "tasks", .filter = filter, .sort = "age", .limit = 5});
    assert_int_equal(model_rows_count(rows), 5);
    assert_int_equal(model_rows_total(rows), 10001);
    assert_true(model_rows_cut(rows));
    model_rows_free(rows);
    filter_free(filter);
    filter = filter_parse("name:nobody", "tasks", &error);
    rows = rows_of(&(struct model_rows_options){.what = "tasks", .filter = filter});
    assert_int_equal(model_rows_count(rows), 0);
    assert_int_equal(model_rows_key(rows, trace, 0).id, -1);
    model_rows_free(rows);
    filter_free(filter);
}

/* Positions and ids are each other's inverse, in whatever order they are asked for. */
static void check_positions(const struct model_rows_options *options)
{
    struct buffer all = {0};
    struct model_rows *rows = rows_of(options);
    size_t count = model_rows_count(rows);
    int64_t *ids = calloc(count, sizeof *ids);
    add_table(options, "id", &all);
    char *line = strtok(all.text, "|\n");
    for (size_t i = 0; i < count; i++, line = strtok(NULL, "|\n"))
        ids[i] = strtoll(line + strspn(line, "#qcf"), NULL, 10);
    assert_null(line);
    for (size_t i = 0; i < 300; i++) {
        size_t at = i == 0 ? count - 1 : i * 7919 % count;
        model_row_key key = model_rows_key(rows, trace, at);
        if (key.id != ids[at] || model_rows_find(rows, trace, key) != (long long)at)
            fail_msg("at %zu: #%lld, not #%lld, found at %lld", at, (long long)key.id, (long long)ids[at],
                     model_rows_find(rows, trace, key));
    }
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_TASK, 999999}), -1);
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_TASK, -5}), -1);
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_CORO, ids[3]}), -1);
    assert_int_equal(model_rows_key(rows, trace, count).id, -1);
    model_rows_free(rows);
    buffer_free(&all);
    free(ids);
}

static void test_positions(void **state)
{
    (void)state;
    check_positions(&(struct model_rows_options){.what = "tasks"});
    check_positions(&(struct model_rows_options){.what = "tasks", .sort = "age", .down = true});
}

static void test_gap(void **state)
{
    struct model_rows *rows = rows_of(&(struct model_rows_options){.what = "tasks"});
    (void)state;
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_TASK, 2 + 100 + 3}), -1); /* none has it */
    model_rows_free(rows);
}

static void test_jumps(void **state)
{
    struct buffer one = {0};
    struct model_rows *rows = rows_of(&(struct model_rows_options){.what = "tasks"});
    (void)state;
    add_page(rows, "id", 1, 10000, 5, &one);
    assert_string_equal(buffer_text(&one), "#10702|\n");
    buffer_clear(&one);
    add_page(rows, "id", 1, 9998, 2, &one);
    assert_string_equal(buffer_text(&one), "#10693|\n#10694|\n");
    buffer_clear(&one);
    add_page(rows, "id", 1, 20000, 2, &one);
    assert_string_equal(buffer_text(&one), "");
    model_rows_free(rows);
    buffer_free(&one);
}

/* Rows that come while the pages are looked at do not move those that were there. */
static void test_later_rows(void **state)
{
    const struct fixture *fixture = *state;
    struct buffer page = {0};
    struct model_rows *rows = rows_of(&(struct model_rows_options){.what = "tasks"});
    fixture_sql(fixture->path, "INSERT INTO task(id, state) VALUES(50000, 'pending'), (104, 'pending')");
    assert_int_equal(model_rows_count(rows), 10001);
    add_page(rows, "id", 1, 10000, 5, &page);
    assert_string_equal(buffer_text(&page), "#10702|\n");
    model_rows_free(rows);
    buffer_free(&page);
}

static void test_events(void **state)
{
    (void)state;
    for (size_t limit = 1; limit < 40000; limit = limit * 3 + 1)
        expect_same(&(struct model_rows_options){.what = "events", .limit = limit}, "time,kind,subject", 3, 5000);
    struct model_rows *all = rows_of(&(struct model_rows_options){.what = "events"});
    struct model_rows *first = rows_of(&(struct model_rows_options){.what = "events", .limit = 2000});
    assert_int_equal(model_rows_count(first), 2000);
    assert_true(model_rows_cut(first));
    assert_false(model_rows_cut(all));
    for (size_t i = 0; i < 2000; i++)
        assert_int_equal(model_rows_key(all, trace, i).id, model_rows_key(first, trace, i).id);
    model_row_key key = model_rows_key(first, trace, 1500);
    assert_int_equal(model_rows_find(all, trace, key), 1500);
    model_rows_free(all);
    model_rows_free(first);
}

/* Against the view, which sorts by itself; and all events in a limit that is larger. */
static void test_events_are_those_of_the_view(void **state)
{
    struct buffer mine = {0}, view = {0};
    struct model_rows *rows = rows_of(&(struct model_rows_options){.what = "events", .limit = 100000});
    (void)state;
    assert_false(model_rows_cut(rows));
    add_page(rows, "time,kind", 2, 0, model_rows_count(rows), &mine);
    struct trace_query *query = trace_prepare(trace, "SELECT at_ns, kind FROM event");
    while (trace_step(query) > 0)
        buffer_format(&view, "%lld|%s|\n", (long long)trace_int(query, 0), trace_text(query, 1));
    trace_finish(query);
    assert_string_equal(buffer_text(&mine), buffer_text(&view));
    model_rows_free(rows);
    buffer_free(&mine);
    buffer_free(&view);
}

static void test_every_list(void **state)
{
    (void)state;
    for (size_t i = 0; model_list_name(i); i++)
        for (size_t j = 0; model_list_column(model_list_name(i), j); j++) {
            const char *column = model_list_column(model_list_name(i), j);
            const struct model_rows_options sorted = {.what = model_list_name(i), .sort = column, .down = j % 2};
            expect_same(&sorted, column, 1, 3);
        }
}

static void test_keys(void **state)
{
    struct model_rows *rows = rows_of(&(struct model_rows_options){.what = "leaks"});
    (void)state;
    model_row_key key = model_rows_key(rows, trace, 0);
    assert_int_equal(key.kind, MODEL_CORO);
    assert_int_equal(key.id, 5);
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_TASK, 31}), 4);
    assert_int_equal(model_rows_find(rows, trace, (model_row_key){MODEL_CORO, 31}), -1);
    model_rows_free(rows);
}

static void test_errors(void **state)
{
    struct model_rows *rows;
    struct model_cell cell;
    struct arena arena = {0};
    char why[300];
    (void)state;
    assert_int_equal(model_rows_open(trace, &(struct model_rows_options){.what = "task"}, &rows, why, sizeof why),
                     -EINVAL);
    assert_int_equal(
        model_rows_open(trace, &(struct model_rows_options){.what = "tasks", .sort = "nmae"}, &rows, why, sizeof why),
        -EINVAL);
    assert_non_null(strstr(why, "did you mean \"name\"?"));
    rows = rows_of(&(struct model_rows_options){.what = "tasks"});
    assert_int_equal(model_rows_fetch(rows, trace, "idd", 0, 1, &arena, &cell, why, sizeof why), -EINVAL);
    model_rows_free(rows);
    trace_interrupt(trace);
    assert_int_equal(
        model_rows_open(trace, &(struct model_rows_options){.what = "tasks", .sort = "age"}, &rows, why, sizeof why),
        -EINTR);
    assert_int_equal(
        model_rows_open(trace, &(struct model_rows_options){.what = "events", .limit = 5}, &rows, why, sizeof why),
        -EINTR);
    trace_resume(trace);
    arena_free(&arena);
}

/* Totals that lie, ids beyond all bounds. */
static void test_hostile(void **state)
{
    const struct fixture *fixture = *state;
    struct buffer page = {0};
    fixture_sql(fixture->path,
                "INSERT INTO total VALUES('tasks', 9223372036854775807), ('awaits', -5);"
                "INSERT INTO task(id, state) VALUES(9223372036854775807, 'x'), (-9223372036854775808, 'x');"
                "INSERT INTO coro(id, state, facts, created_ns) VALUES(-7, 'created', 512, 5),"
                "(9223372036854775807, 'created', 512, -9223372036854775808);");
    for (size_t i = 0; model_list_name(i); i++)
        for (size_t limit = 0; limit < 3; limit++) {
            struct model_rows *rows =
                rows_of(&(struct model_rows_options){.what = model_list_name(i), .limit = limit ? 4 : 0});
            add_page(rows, model_list_column(model_list_name(i), 0), 1, 0, 20, &page);
            for (size_t at = 0; at < 12; at++)
                model_rows_find(rows, trace, model_rows_key(rows, trace, at));
            model_rows_key(rows, trace, model_rows_count(rows) - 1);
            model_rows_free(rows);
        }
    buffer_free(&page);
}

#define WITH(make, test) cmocka_unit_test_setup_teardown(test, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH(make_many, test_orders),
                                       WITH(make_many, test_filtered),
                                       WITH(make_many, test_positions),
                                       WITH(make_dense, test_positions),
                                       WITH(make_many, test_gap),
                                       WITH(make_many, test_jumps),
                                       WITH(make_many, test_later_rows),
                                       WITH(make_many, test_events),
                                       WITH(make_many, test_events_are_those_of_the_view),
                                       WITH(make_shop, test_every_list),
                                       WITH(make_shop, test_keys),
                                       WITH(make_shop, test_errors),
                                       WITH(make_shop, test_hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
