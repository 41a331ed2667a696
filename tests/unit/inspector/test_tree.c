/* Who waits for whom, from both ends and through time; who created whom. */
#include "buffer.h"
#include "graph/spawn.h"
#include "picturing.h"
#include "test.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static void expect_golden(struct trace *trace, int64_t at_ns, const struct model_forest_options *options,
                          const char *golden)
{
    struct model_forest forest;
    picturing_forest(trace, at_ns, options, &forest);
    char *text = picturing_text(&forest, &report_text, NULL);
    fixture_golden(golden, text);
    free(text);
    model_forest_free(&forest);
}

static void test_goldens(void **state)
{
    static const struct {
        const char *golden;
        enum model_forest_by by;
        int64_t at_ns;
        struct model_ref root;
    } cases[] = {{"tree_waits.txt", MODEL_BY_WAITS, MODEL_NEVER, {0}},
                 {"tree_waiters.txt", MODEL_BY_WAITERS, MODEL_NEVER, {0}},
                 {"tree_spawn.txt", MODEL_BY_SPAWN, MODEL_NEVER, {0}},
                 {"tree_earlier.txt", MODEL_BY_WAITS, 600000000, {0}},
                 {"tree_below.txt", MODEL_BY_WAITS, MODEL_NEVER, {MODEL_TASK, 12}}};
    struct trace *trace = picturing_open(*state, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct model_forest_options options = {.by = cases[i].by, .root = cases[i].root};
        expect_golden(trace, cases[i].at_ns, &options, cases[i].golden);
    }
    trace_close(trace);
}

static void test_json(void **state)
{
    struct model_forest forest;
    json_error_t error;
    struct trace *trace = picturing_open(*state, NULL);
    picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITS}, &forest);
    char *text = picturing_text(&forest, &report_json, NULL);
    json_t *tree = json_loads(text, 0, &error);
    assert_non_null(tree);
    assert_string_equal(json_string_value(json_object_get(tree, "schema")), "leash.tree/1");
    assert_true(json_is_true(json_object_get(tree, "at_end")));
    assert_int_equal(json_array_size(json_object_get(tree, "rows")), forest.count);
    json_t *cause = json_array_get(json_object_get(tree, "causes"), 0);
    assert_string_equal(json_string_value(json_object_get(cause, "id")), "#55");
    assert_int_equal(json_integer_value(json_object_get(cause, "cycle")), 2);
    json_decref(tree);
    free(text);
    model_forest_free(&forest);
    trace_close(trace);
}

static void test_parts_that_are_not_there(void **state)
{
    struct model_forest forest;
    struct model_graph *graph;
    char why[300];
    struct trace *trace = picturing_open(*state, NULL);
    struct model_forest_options options = {.by = MODEL_BY_WAITS, .root = {MODEL_TASK, 99}};
    assert_int_equal(model_graph_open(trace, MODEL_NEVER, &graph, why, sizeof why), 0);
    assert_int_equal(model_forest_of_graph(graph, trace, &options, &forest, why, sizeof why), -ENOENT);
    assert_non_null(strstr(why, "nothing in it is called #99"));
    model_graph_close(graph);
    options = (struct model_forest_options){.by = MODEL_BY_SPAWN, .root = {MODEL_OBJECT, 3}};
    assert_int_equal(model_forest_of_spawn(trace, &options, &forest, why, sizeof why), -ENOENT);
    assert_non_null(strstr(why, "no task in it is called #q3"));
    options = (struct model_forest_options){.by = MODEL_BY_WAITS, .root = {MODEL_TASK, 61}};
    picturing_forest(trace, MODEL_NEVER, &options, &forest);
    assert_int_equal(forest.count, 1);
    assert_non_null(strstr(forest.rows[0].note, "waits for nothing"));
    model_forest_free(&forest);
    trace_close(trace);
}

/* ---- through time ---- */

static void test_instants(void **state)
{
    struct trace *trace = picturing_open(*state, NULL);
    int64_t at;
    assert_int_equal(model_graph_instant(trace, 501000000, true, &at), 0);
    assert_int_equal(at, 503000000); /* #31 sleeps */
    assert_int_equal(model_graph_instant(trace, at, true, &at), 0);
    assert_int_equal(at, 508000000); /* and wakes */
    assert_int_equal(model_graph_instant(trace, at, false, &at), 0);
    assert_int_equal(at, 503000000);
    assert_int_equal(model_graph_instant(trace, MODEL_NEVER, true, &at), -ENOENT);
    assert_int_equal(model_graph_instant(trace, 1000000, false, &at), -ENOENT);
    assert_int_equal(model_graph_instant(trace, MODEL_NEVER, false, &at), 0);
    assert_int_equal(at, 4000000000); /* #78 sleeps: what the clean-up ended does not count */
    assert_int_equal(model_graph_instant(trace, at, true, &at), 0);
    assert_int_equal(at, MODEL_NEVER);
    assert_int_equal(model_graph_instant(trace, 4813000000, true, &at), -ENOENT);
    trace_close(trace);
}

/* What the clean-up ended counts as waited for up to the instant at which the loop stopped, and no longer. */
static void test_around_the_end(void **state)
{
    static const struct {
        int64_t at_ns;
        size_t edges;
        const char *reason; /* of #31 */
    } cases[] = {{502999999, 6, "could run"},
                 {503000000, 7, "sleep 0.005s"},
                 {508000000, 6, "could run"},
                 {512000000, 7, "queue.get #q3"},
                 {4812000000, 12, "queue.get #q3"}};
    struct trace *trace = picturing_open(*state, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_forest forest;
        picturing_forest(trace, cases[i].at_ns, &(struct model_forest_options){.by = MODEL_BY_WAITS}, &forest);
        assert_int_equal(forest.at_ns, cases[i].at_ns);
        assert_false(forest.at_end);
        assert_string_equal(picturing_row(&forest, "#31 worker-0")->reason, cases[i].reason);
        if (forest.edges != cases[i].edges)
            fail_msg("%zu edges at %lld, not %zu", forest.edges, (long long)cases[i].at_ns, cases[i].edges);
        model_forest_free(&forest);
    }
    trace_close(trace);
}

/* On a virtual clock the clean-up ends waits at the very time at which the loop stopped. */
static void test_clean_up_at_once(void **state)
{
    static const char sql[] = FIXTURE_RUN
        "INSERT INTO task(id, name, loop_id, created_ns, began_ns, ended_ns, state, facts, exit_await_id) VALUES"
        "(2, 'late', 1, 0, 0, 4811000000, 'cancelled', 1, 1), (3, 'member', 1, 0, 0, 4811000000, 'cancelled', 1, 2);"
        "INSERT INTO object(id, kind) VALUES(1, 'group'); INSERT INTO child VALUES(1, 0, 'task', 3);"
        "INSERT INTO await(id, task_id, target_kind, target_id, sleep_us, began_ns, ended_ns, code) VALUES"
        "(1, 2, 'object', 1, NULL, 5, 4811000000, -125), (2, 3, 'sleep', NULL, 9, 5, 4811000000, -125)";
    static const int64_t times[] = {MODEL_NEVER, 4811000000};
    struct trace *trace = picturing_open(*state, sql);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct model_forest forest;
        picturing_forest(trace, times[i], &(struct model_forest_options){.by = MODEL_BY_WAITS}, &forest);
        assert_int_equal(forest.count, 3);
        assert_string_equal(forest.rows[0].reason, "group of 1");
        assert_string_equal(forest.rows[1].label, "#3 member");
        assert_true(forest.rows[1].stuck);
        assert_string_equal(forest.rows[2].note, "ROOT CAUSE: would free 2 tasks");
        model_forest_free(&forest);
    }
    struct model_forest after;
    picturing_forest(trace, 4811000001, &(struct model_forest_options){.by = MODEL_BY_WAITS}, &after);
    assert_int_equal(after.count, 0);
    model_forest_free(&after);
    trace_close(trace);
}

/* ---- shapes ---- */

static void test_itself_and_each_other(void **state)
{
    static const char sql[] = FIXTURE_RUN
        "INSERT INTO task(id, name, loop_id, created_ns, began_ns, state, facts, exit_await_id) VALUES"
        "(2, 'narcissus', 1, 1, 1, 'cancelled', 1, 2), (3, 'a', 1, 1, 1, 'cancelled', 1, 3),"
        "(4, 'b', 1, 1, 1, 'cancelled', 1, 4), (5, 'c', 1, 1, 1, 'cancelled', 1, 5),"
        "(6, 'outside', 1, 1, 1, 'cancelled', 1, 6), (7, 'picky', 1, 1, 1, 'cancelled', 1, 7);"
        "INSERT INTO object(id, kind) VALUES(1, 'gather'), (2, 'wait');"
        "INSERT INTO child VALUES(1, 0, 'task', 4), (1, 1, 'task', 5), (2, 0, 'task', 7), (2, 1, 'task', 2);"
        "INSERT INTO await(id, task_id, target_kind, target_id, began_ns) VALUES(2, 2, 'task', 2, 5),"
        "(3, 3, 'object', 1, 5), (4, 4, 'task', 3, 5), (5, 5, 'task', 4, 5), (6, 6, 'task', 5, 5),"
        "(7, 7, 'object', 2, 5)";
    struct trace *trace = picturing_open(*state, sql);
    expect_golden(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITS}, "tree_cycles.txt");
    expect_golden(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITERS},
                  "tree_cycles_flipped.txt");
    trace_close(trace);
}

/* Whatever else members of a gather wait for: those that wait for each other are a cause of their own. */
static void test_deadlock_with_a_way_out(void **state)
{
    static const char sql[] =
        FIXTURE_RUN "INSERT INTO task(id, name, loop_id, created_ns, began_ns, state, facts, exit_await_id) VALUES"
                    "(2, 'a', 1, 1, 1, 'cancelled', 1, 2), (3, 'b', 1, 1, 1, 'cancelled', 1, 3),"
                    "(4, 'sleeper', 1, 1, 1, 'cancelled', 1, 4), (5, 'outside', 1, 1, 1, 'cancelled', 1, 5);"
                    "INSERT INTO object(id, kind) VALUES(1, 'gather');"
                    "INSERT INTO child VALUES(1, 0, 'task', 3), (1, 1, 'task', 4);"
                    "INSERT INTO await(id, task_id, target_kind, target_id, sleep_us, began_ns) VALUES"
                    "(2, 2, 'object', 1, NULL, 5), (3, 3, 'task', 2, NULL, 5), (4, 4, 'sleep', NULL, 7, 5),"
                    "(5, 5, 'task', 2, NULL, 5)";
    struct model_forest forest;
    struct trace *trace = picturing_open(*state, sql);
    picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITERS}, &forest);
    assert_int_equal(forest.causes_count, 2);
    assert_int_equal(forest.causes[0].cycle, 2);
    assert_int_equal(forest.causes[0].frees, 3); /* with the one outside */
    assert_int_equal(forest.causes[1].frees, 1); /* only the sleeper itself */
    assert_int_equal(forest.roots, 2);
    model_forest_free(&forest);
    trace_close(trace);
}

/* A chain of `count` tasks, each joining the next. */
static void make_chain(struct buffer *sql, int count)
{
    buffer_add(sql, FIXTURE_RUN);
    for (int i = 2; i < count + 2; i++) {
        buffer_format(
            sql,
            "INSERT INTO task(id, creator_task_id, loop_id, created_ns, began_ns, state, facts, exit_await_id)"
            " VALUES(%d, %d, 1, 1, 1, 'cancelled', 1, %d);",
            i, i - 1, i);
        if (i < count + 1)
            buffer_format(sql,
                          "INSERT INTO await(id, task_id, target_kind, target_id, began_ns) VALUES"
                          "(%d, %d, 'task', %d, 5);",
                          i, i, i + 1);
    }
}

static void test_deep_chain(void **state)
{
    enum { DEPTH = 3000 };
    struct buffer sql = {0};
    struct model_forest forest;
    make_chain(&sql, DEPTH);
    struct trace *trace = picturing_open(*state, buffer_text(&sql));
    for (enum model_forest_by by = MODEL_BY_WAITS; by <= MODEL_BY_SPAWN; by++) {
        picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = by, .rows_max = 4000}, &forest);
        assert_int_equal(forest.count, DEPTH + (by == MODEL_BY_SPAWN));
        assert_int_equal(forest.rows[DEPTH - 1].depth, DEPTH - 1);
        assert_int_equal(forest.rows[0].next, forest.count);
        assert_false(forest.cut);
        char *text = picturing_text(&forest, &report_text, NULL);
        assert_non_null(strstr(text, "(2999) "));
        free(text);
        model_forest_free(&forest);
    }
    picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITS}, &forest);
    assert_true(forest.cut);
    assert_int_equal(forest.count, MODEL_FOREST_ROWS + 1);
    assert_int_equal(forest.causes[0].frees, DEPTH);
    model_forest_free(&forest);
    trace_close(trace);
    buffer_free(&sql);
}

/* Of many alike a few are shown, and how many were left out. */
static void test_many(void **state)
{
    struct model_forest forest;
    static const char sql[] =
        FIXTURE_RUN "INSERT INTO object(id, kind) VALUES(1, 'event'), (2, 'gather');"
                    "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 1001)"
                    " INSERT INTO task(id, creator_task_id, loop_id, created_ns, began_ns, state, facts, exit_await_id)"
                    " SELECT i, 1, 1, 1, 1, 'cancelled', 1, i FROM n;"
                    "INSERT INTO await(id, task_id, target_kind, target_id, began_ns)"
                    " SELECT id, id, 'object', 1, 5 FROM task WHERE id > 1;"
                    "INSERT INTO child SELECT 2, id, 'task', id FROM task WHERE id > 2;"
                    "UPDATE await SET target_id = 2 WHERE id = 2";
    struct trace *trace = picturing_open(*state, sql);
    picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITERS}, &forest);
    const struct model_row *last = &forest.rows[forest.rows[0].next - 1];
    assert_int_equal(last->kind, MODEL_ROW_MORE);
    assert_int_equal(last->more, 999 - MODEL_FOREST_CHILDREN);
    assert_string_equal(forest.rows[0].note, "ROOT CAUSE: would free 1000 tasks");
    assert_true(forest.cut);
    model_forest_free(&forest);
    picturing_forest(trace, MODEL_NEVER, &(struct model_forest_options){.by = MODEL_BY_WAITS, .rows_max = 10}, &forest);
    assert_int_equal(forest.count, 11);
    assert_string_equal(forest.rows[0].reason, "gather of 999");
    assert_int_equal(forest.rows[10].kind, MODEL_ROW_MORE);
    model_forest_free(&forest);
    picturing_forest(trace, 0, &(struct model_forest_options){.by = MODEL_BY_SPAWN, .children_max = 5}, &forest);
    assert_int_equal(forest.count, 7);
    assert_int_equal(forest.rows[6].more, 995);
    model_forest_free(&forest);
    trace_close(trace);
}

/* Objects that are made of themselves, tasks that created themselves, ids and times of any kind. */
static const char nonsense[] = FIXTURE_RUN
    "INSERT INTO task(id, creator_task_id, loop_id, created_ns, began_ns, ended_ns, state, facts, exit_await_id) VALUES"
    "(2, 3, 1, 9223372036854775807, -9223372036854775808, NULL, 'pending', 1, 1),"
    "(3, 2, 9, NULL, NULL, NULL, 'pending', -1, 2), (4, 4, NULL, -5, 5, -9, 'what', 1, 3),"
    "(-7, 1, 1, 1, 1, 1, 'cancelled', 1, 4), (9223372036854775807, -7, 1, 1, 1, 1, 'cancelled', 1, 5),"
    "(8, 1, 1, 1, 1, NULL, 'pending', 0, 777);"
    "INSERT INTO object(id, kind) VALUES(1, 'gather'), (2, char(27) || '[2J');"
    "INSERT INTO child VALUES(1, 0, 'object', 2), (2, 0, 'object', 1), (2, 1, 'task', 2), (1, -5, 'object', 1),"
    "(1, 7, 'sleep', 1), (1, 8, 'martian', 3), (1, 9, 'task', 424242);"
    "INSERT INTO await(id, task_id, target_kind, target_id, sleep_us, site_id, began_ns) VALUES"
    "(1, 2, 'object', 1, NULL, 99, -9223372036854775808), (2, 3, 'sleep', NULL, 9223372036854775807, NULL, NULL),"
    "(3, 4, 'martian', 5, NULL, NULL, 5), (4, -7, 'future', -1, NULL, 1, 9223372036854775807),"
    "(5, 9223372036854775807, 'task', 424242, NULL, 1, 0), (6, 8, 'sleep', NULL, -3, NULL, 7);"
    "DROP TABLE hold;CREATE TABLE hold(a, b)";

static void test_nonsense(void **state)
{
    static const int64_t times[] = {MODEL_NEVER, 0, INT64_MAX, INT64_MIN + 1, 4811000000};
    struct trace *trace = picturing_open(*state, nonsense);
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        for (enum model_forest_by by = MODEL_BY_WAITS; by <= MODEL_BY_SPAWN; by++) {
            struct model_forest forest;
            picturing_forest(trace, times[i], &(struct model_forest_options){.by = by}, &forest);
            assert_in_range(forest.count, 1, 40);
            char *text = picturing_text(&forest, &report_text, NULL);
            assert_null(strchr(text, 27));
            free(text);
            free(picturing_text(&forest, &report_json, NULL));
            model_forest_free(&forest);
        }
    }
    trace_close(trace);
}

/* ---- who created whom ---- */

static void test_spawn(void **state)
{
    struct model_spawn spawn;
    char why[300];
    struct trace *trace = picturing_open(*state, NULL);
    assert_int_equal(model_spawn_load(trace, &spawn, why, sizeof why), 0);
    assert_int_equal(spawn.count, 15);
    size_t pool = model_spawn_find(&spawn, 12);
    assert_int_equal(spawn.tasks[pool].below, 4);
    assert_int_equal(model_spawn_find(&spawn, 999), SIZE_MAX);
    model_spawn_narrow(&spawn, 0, INT64_MAX, 40);
    assert_int_equal(spawn.count, 4); /* main, server, conn-1, rpc */
    assert_int_equal(spawn.tasks[0].below, 3);
    model_spawn_narrow(&spawn, 0, 1000000000, 0);
    assert_int_equal(spawn.count, 2);
    assert_int_equal(spawn.tasks[0].below, 1);
    model_spawn_narrow(&spawn, 0, 1, 999);
    assert_int_equal(spawn.count, 0);
    model_spawn_free(&spawn);
    trace_close(trace);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_goldens),
                                       WITH_FIXTURE(test_json),
                                       WITH_FIXTURE(test_parts_that_are_not_there),
                                       WITH_FIXTURE(test_instants),
                                       WITH_FIXTURE(test_around_the_end),
                                       WITH_FIXTURE(test_clean_up_at_once),
                                       WITH_FIXTURE(test_itself_and_each_other),
                                       WITH_FIXTURE(test_deadlock_with_a_way_out),
                                       WITH_FIXTURE(test_deep_chain),
                                       WITH_FIXTURE(test_many),
                                       WITH_FIXTURE(test_nonsense),
                                       WITH_FIXTURE(test_spawn)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
