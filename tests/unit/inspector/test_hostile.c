/* Traces that somebody made to do harm. */
#include "fixture.h"
#include "listing.h"
#include "model.h"
#include "query.h"
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* For the query that has no end; a slow machine needs its time for the others. */
static const struct trace_options impatient = {.query_seconds = 1.0};

static void expect_refused(const char *path, const char *words)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    assert_int_equal(trace_open(path, &impatient, &trace, &error), -EINVAL);
    if (!strstr(error.text, words))
        fail_msg("\"%s\" says nothing of \"%s\"", error.text, words);
}

static struct trace *opened(const char *path)
{
    struct trace *trace = NULL;
    struct trace_error error = {""};
    if (trace_open(path, &impatient, &trace, &error) != 0)
        fail_msg("%s", error.text);
    return trace;
}

static void test_view_as_table(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "DROP TABLE failure;"
                                            "CREATE VIEW Failure AS SELECT 1 AS id, 2 AS subject_kind");
    expect_refused(fixture->path, "\"failure\" is a view, where a table belongs");
}

static void test_virtual_table(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "DROP TABLE failure; CREATE VIRTUAL TABLE failure USING fts5(x)");
    expect_refused(fixture->path, "\"failure\" is a virtual table");
}

static void test_trigger(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "CREATE TRIGGER task AFTER INSERT ON drain BEGIN DELETE FROM task; END");
    expect_refused(fixture->path, "it has a trigger");
}

static void test_missing_table(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN "DROP TABLE await");
    expect_refused(fixture->path, "table \"await\" is missing");
}

static void test_missing_column(void **state)
{
    struct fixture *fixture = *state;
    struct trace *trace = NULL;
    struct trace_error error;
    struct model_snapshot snapshot;
    char why[300];
    fixture_make(fixture->path, FIXTURE_RUN "DROP TABLE run; CREATE TABLE run(id)");
    if (trace_open(fixture->path, &impatient, &trace, &error) == 0) {
        assert_int_equal(model_load(trace, NULL, &snapshot, why, sizeof why), -EIO);
        assert_non_null(strstr(why, "no such column"));
        trace_close(trace);
    }
}

/* Views of the trace by the names of our own are not looked at; others are not run. */
static void test_views_of_the_trace(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path,
                 FIXTURE_RUN "CREATE VIEW leak AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
                             " SELECT n AS class FROM r;"
                             "CREATE VIEW other AS SELECT 1");
    struct trace *trace = opened(fixture->path);
    struct model_snapshot snapshot;
    char why[300];
    if (model_load(trace, NULL, &snapshot, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_int_equal(snapshot.groups_count, 0);
    model_free(&snapshot);
    assert_null(trace_prepare_user(trace, "SELECT * FROM other"));
    assert_non_null(strstr(trace_failure(trace), "prohibited"));
    trace_close(trace);
}

static void test_endless_query(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path, FIXTURE_RUN);
    struct trace *trace = opened(fixture->path);
    struct trace_query *query = trace_prepare_user(
        trace, "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r");
    assert_non_null(query);
    assert_int_equal(trace_step(query), -EIO);
    assert_string_equal(trace_failure(trace), "the query took too long and was stopped");
    trace_finish(query);
    trace_close(trace);
}

static void test_sql_only_reads(void **state)
{
    struct fixture *fixture = *state;
    char vacuum[300], attach[300];
    snprintf(vacuum, sizeof vacuum, "VACUUM INTO '%s'", fixture_name(fixture, "out.db"));
    snprintf(attach, sizeof attach, "ATTACH '%s' AS x", fixture_name(fixture, "out.db"));
    const char *const refused[] = {vacuum,
                                   attach,
                                   "DELETE FROM task",
                                   "DROP TABLE task",
                                   "CREATE TEMP TABLE x(y)",
                                   "INSERT INTO task(id, state) VALUES(9, 'done')",
                                   "PRAGMA user_version = 3",
                                   "PRAGMA writable_schema = 1",
                                   "PRAGMA trusted_schema = 1",
                                   "SELECT load_extension('x')",
                                   "BEGIN",
                                   "DETACH main",
                                   "REINDEX",
                                   "ANALYZE",
                                   "SELECT 1; SELECT 2",
                                   "",
                                   "-- nothing",
                                   "SELEC 1"};
    fixture_make(fixture->path, FIXTURE_RUN);
    struct trace *trace = opened(fixture->path);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct trace_query *query = trace_prepare_user(trace, refused[i]);
        if (query)
            fail_msg("%s was not refused", refused[i]);
        assert_true(*trace_failure(trace));
    }
    trace_close(trace);
    assert_int_equal(access(fixture_name(fixture, "out.db"), F_OK), -1);
}

static void test_sql_reads(void **state)
{
    struct fixture *fixture = *state;
    static const char *const taken[] = {"SELECT * FROM task;",     "SELECT count(*) FROM leak ; ; ",
                                        "PRAGMA table_info(task)", "WITH x AS (SELECT 1) SELECT * FROM x",
                                        "EXPLAIN SELECT 1",        "VALUES(1)"};
    fixture_make(fixture->path, FIXTURE_RUN);
    struct trace *trace = opened(fixture->path);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        struct trace_query *query = trace_prepare_user(trace, taken[i]);
        if (!query || trace_step(query) < 0)
            fail_msg("%s: %s", taken[i], trace_failure(trace));
        trace_finish(query);
    }
    trace_close(trace);
}

static void test_giant_texts(void **state)
{
    struct fixture *fixture = *state;
    fixture_make(fixture->path,
                 FIXTURE_RUN "UPDATE task SET name = (SELECT replace(hex(zeroblob(500000)), '00', 'ab'));"
                             "INSERT INTO site VALUES(2, hex(zeroblob(20000000)), 1, 'f', 'g');"
                             "INSERT INTO coro(id, site_id, state, facts) VALUES(1, 2, 'created', 512)");
    struct trace *trace = opened(fixture->path);
    struct trace_query *query = trace_prepare(trace, "SELECT name FROM task");
    assert_int_equal(trace_step(query), 1);
    assert_int_equal(strlen(trace_text(query, 0)), TRACE_TEXT_MAX - 3 + 3);
    trace_finish(query);
    struct model_snapshot snapshot;
    char why[300];
    assert_int_equal(model_load(trace, NULL, &snapshot, why, sizeof why), -EIO); /* longer than we read at all */
    assert_non_null(strstr(why, "too big"));
    trace_close(trace);
}

/* Types are what a row says, not what the schema says. */
static void test_wrong_types(void **state)
{
    struct fixture *fixture = *state;
    struct model_snapshot snapshot;
    char why[300];
    fixture_make(fixture->path, FIXTURE_RUN
                 "UPDATE run SET ended_ns = 'soon', dropped = x'00ff', end_kind = 17, argv = 3.5;"
                 "UPDATE task SET name = x'00ff00', facts = 9223372036854775807, code = -9e99, loop_id = 'x',"
                 " exit_await_id = 1;"
                 "UPDATE site SET line = 99999999999999, file = x'1b5b33316d';"
                 "INSERT INTO await VALUES(1, 1, 1, 'sleep', 1, 9223372036854775807, 1, -9223372036854775808,"
                 " NULL, NULL);"
                 "INSERT INTO coro(id, state, parent_coro_id, await_site_id, facts) VALUES(1, 'x', 1, 1, 512)");
    struct trace *trace = opened(fixture->path);
    if (model_load(trace, NULL, &snapshot, why, sizeof why) != 0)
        fail_msg("%s", why);
    assert_int_equal(snapshot.run.ending, MODEL_UNFINISHED);
    model_free(&snapshot);
    trace_close(trace);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_view_as_table), WITH_FIXTURE(test_virtual_table),  WITH_FIXTURE(test_trigger),
        WITH_FIXTURE(test_missing_table), WITH_FIXTURE(test_missing_column), WITH_FIXTURE(test_views_of_the_trace),
        WITH_FIXTURE(test_endless_query), WITH_FIXTURE(test_sql_only_reads), WITH_FIXTURE(test_sql_reads),
        WITH_FIXTURE(test_giant_texts),   WITH_FIXTURE(test_wrong_types)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
