/* The views over the rows of a list: Tasks, Sites, Events. */
#include "driver.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shape {
    const char *name;
    struct driver_options options;
};

static const struct shape shapes[] = {
    {"100x30", {.rows = 30, .cols = 100, .source = true}},
    {"80x24", {.rows = 24, .cols = 80, .source = true, .mono = true}},
    {"40x12", {.rows = 12, .cols = 40, .source = true, .ascii = true}},
    {"100x30_ascii", {.rows = 30, .cols = 100, .source = true, .ascii = true, .mono = true}},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

/* The shop, with what the fold counts of it, waits of a worker and steps of another. */
static char *shop(void)
{
    static const char more[] =
        "INSERT INTO site_stat(site_id, tasks, coros, pending, failed, cancelled) VALUES(2, 0, 3, 0, 0, 0),"
        "(3, 2, 0, 2, 0, 2), (6, 2, 0, 1, 0, 1), (8, 2, 0, 1, 0, 2), (9, 1, 0, 0, 1, 0), (20, 2, 0, 2, 0, 2);"
        "INSERT INTO await(task_id, target_kind, sleep_us, site_id, began_ns, ended_ns, code) VALUES"
        "(31, 'sleep', 1, 5, 100000000, 100200000, 0), (31, 'sleep', 1, 5, 110000000, 110900000, 0),"
        "(31, 'sleep', 1, 5, 120000000, 201000000, 0), (31, 'sleep', 1, 5, 210000000, 611000000, 0);"
        "UPDATE task SET steps = 12, run_ns = 900000 WHERE id = 32;"
        "INSERT INTO total VALUES('tasks', 10), ('awaits', 10), ('objects', 3);";
    char *first = driver_shop(), *all = NULL;
    assert_true(asprintf(&all, "%s%s", first, more) > 0);
    free(first);
    return all;
}

static void opened(struct driver *driver, void **state, const struct driver_options *options)
{
    char *sql = shop();
    driver_open(driver, *state, sql, options);
    free(sql);
}

static void golden_of_shape(struct driver *driver, const char *what, const struct shape *shape)
{
    char name[100];
    snprintf(name, sizeof name, "%s_%s", what, shape->name);
    driver_golden(driver, name);
}

static void test_pictures(void **state)
{
    static const struct {
        const char *name, *keys;
    } pictures[] = {{"tasks", "2 j j j"}, {"sites", "5 j"}, {"events", "6 j j j j j j H"}};
    for (size_t i = 0; i < SHAPES; i++)
        for (size_t j = 0; j < sizeof pictures / sizeof *pictures; j++) {
            struct driver driver;
            opened(&driver, state, &shapes[i].options);
            driver_type(&driver, pictures[j].keys);
            golden_of_shape(&driver, pictures[j].name, &shapes[i]);
            driver_close(&driver);
        }
}

static void test_sort_and_filter(void **state)
{
    struct driver driver;
    opened(&driver, state, &(struct driver_options){.view = "tasks", .where = "state:waiting -name:audit*"});
    assert_true(driver_shows(&driver, "5 of 10"));
    assert_false(driver_shows(&driver, "audit_log"));
    driver_type(&driver, ":sort -wait");
    driver_golden(&driver, "tasks_by_wait");
    driver_type(&driver, ":filter nmae:x");
    assert_true(driver_shows(&driver, "did you mean \"name\"?"));
    assert_true(driver_shows(&driver, "5 of 10")); /* the last good one stays */
    driver_type(&driver, ":filter state:ruhning");
    driver_golden(&driver, "tasks_none");
    driver_type(&driver, "X");
    assert_true(driver_shows(&driver, "10 tasks"));
    driver_close(&driver);
}

/* The row stays under the cursor whatever happens around it. */
static void test_selection_is_kept(void **state)
{
    struct driver driver;
    struct view_row row;
    opened(&driver, state, &(struct driver_options){.view = "tasks"});
    driver_type(&driver, "j j j j");
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 32);
    driver_type(&driver, ":sort -name");
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 32);
    driver_type(&driver, ":filter worker");
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 32);
    driver_type(&driver, "X G g");
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 56); /* by name downwards: "writer" */
    driver_close(&driver);
}

static void test_relations(void **state)
{
    struct driver driver;
    struct view_row row;
    opened(&driver, state, &(struct driver_options){.view = "tasks"});
    driver_type(&driver, "j j w"); /* #12 waits for #31 */
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 31);
    driver_type(&driver, "p");
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 12);
    driver_type(&driver, "c");
    assert_true(driver_shows(&driver, "parent:#12"));
    assert_true(driver_shows(&driver, "4 of 10"));
    driver_type(&driver, "<");
    assert_true(driver_shows(&driver, "10 tasks"));
    driver_type(&driver, "s");
    assert_string_equal(driver.app->view->ops->name, "sites");
    assert_true(driver_shows(&driver, "site:\"src/main.c:31\""));
    driver_type(&driver, "c");
    assert_string_equal(driver.app->view->ops->name, "tasks");
    assert_true(driver_shows(&driver, "2 of 10"));
    driver_type(&driver, "x");
    assert_string_equal(driver.app->view->ops->name, "events");
    assert_true(driver_shows(&driver, "task:#12"));
    driver_close(&driver);
}

static void test_only_and_without(void **state)
{
    struct driver driver;
    opened(&driver, state, &(struct driver_options){.view = "tasks", .sort = "state"});
    driver_type(&driver, "/ \"worker-0\" Enter =");
    driver_golden(&driver, "tasks_only");
    driver_type(&driver, "2");
    assert_true(driver_shows(&driver, "filter: state=\"waiting\""));
    driver_type(&driver, "- 3");
    assert_true(driver_shows(&driver, "state=\"waiting\" name!=\"worker-0\""));
    driver_close(&driver);
}

static void test_events(void **state)
{
    struct driver driver;
    opened(&driver, state, &(struct driver_options){.view = "events", .where = "task:#31"});
    assert_true(driver_shows(&driver, "worker-0"));
    driver_type(&driver, "X g / \"worker-0\" Enter )");
    const char *where = driver_row(&driver, driver.app->layout.list.row);
    assert_non_null(where);
    struct view_row row;
    view_current(driver.app->view, &row);
    assert_int_equal(row.ref.id, 31);
    size_t at = driver.app->view->table.cursor;
    driver_type(&driver, ") (");
    assert_int_equal(driver.app->view->table.cursor, at);
    driver_type(&driver, "} {");
    assert_int_equal(driver.app->view->table.cursor, at);
    driver_type(&driver, "G");
    assert_true(driver_shows(&driver, "loop-end"));
    driver_type(&driver, "T");
    assert_true(driver_shows(&driver, "22:13:2"));
    driver_close(&driver);
}

/* Whether there is a name or not, and which of them was given. */
static void test_headings_of_tasks(void **state)
{
    struct driver driver;
    driver_open(&driver, *state,
                FIXTURE_RUN "INSERT INTO site VALUES(2, 'src/a.c', 10, 'main', 'app');"
                            "INSERT INTO task(id, name, coro_site_id, state) VALUES(11, NULL, 2, 'done'),"
                            " (12, NULL, NULL, 'done'), (13, 'mine', 2, 'done'), (14, 'Task-4', 2, 'done');",
                &(struct driver_options){.view = "tasks"});
    driver_type(&driver, "\"#11\" Enter");
    assert_true(driver_shows(&driver, " #11 app  done "));
    driver_type(&driver, "j");
    assert_true(driver_shows(&driver, " #12  done "));
    driver_type(&driver, "j");
    assert_true(driver_shows(&driver, " #13 \"mine\"  done "));
    driver_type(&driver, "j");
    assert_true(driver_shows(&driver, " #14 app  done "));
    driver_close(&driver);
}

/* What a row says in a column, whether there is room for it or not. */
static void expect_cell(struct driver *driver, size_t row, const char *column, const char *wanted)
{
    struct view *view = driver->app->view;
    struct styled cell = {0};
    size_t at = 0;
    while (strcmp(view->table.columns[at].name, column) != 0)
        at++;
    view->ops->cell(view, row, at, 20, &cell);
    assert_string_equal(buffer_text(&cell.text), wanted);
    styled_free(&cell);
}

static void test_forms_of_times(void **state)
{
    static const struct {
        const char *keys, *says, *first, *second;
    } steps[] = {{":set time=rel", "", "+0.000s", "+0.001s"},
                 {"T", "time: of the day", "22:13:20.000", "22:13:20.001"},
                 {"T", "time: since the row above", "+0.000s", "1.0ms"},
                 {"I", "", "+3.000s", "-0.900s"}, /* the other way round */
                 {"I", "", "+0.000s", "1.0ms"},
                 {":set time=unix", "", "1700000000.000", "1700000000.001"},
                 {"T", "time: since the trace began", "+0.000s", "+0.001s"}};
    struct driver driver;
    opened(&driver, state, &(struct driver_options){.view = "tasks", .sort = "created", .cols = 120});
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        driver_type(&driver, steps[i].keys);
        assert_true(driver_shows(&driver, steps[i].says));
        expect_cell(&driver, 0, "created", steps[i].first);
        expect_cell(&driver, 1, "created", steps[i].second);
    }
    driver_type(&driver, ":set time=delta\n6");
    expect_cell(&driver, 0, "time", "0.000000");
    expect_cell(&driver, 1, "time", "0us");
    driver_type(&driver, "1");
    expect_cell(&driver, 1, "first", "2.897s");
    driver_type(&driver, ":set time=unix"); /* the column is as wide as it must be */
    assert_true(driver_shows(&driver, " 1700000000.480 "));
    driver_type(&driver, "6");
    assert_true(driver_shows(&driver, " 1700000000.001 "));
    driver_type(&driver, ":set time=abs");
    assert_true(driver_shows(&driver, " 22:13:20.001 "));
    driver_type(&driver, ":set time=soon");
    assert_true(driver_shows(&driver, ":set time=rel|abs|delta|unix"));
    driver_close(&driver);
}

static void test_groupings(void **state)
{
    struct driver driver;
    opened(&driver, state, &(struct driver_options){.view = "sites", .source = true});
    driver_type(&driver, "B");
    driver_golden(&driver, "sites_by_function");
    driver_type(&driver, "B");
    driver_golden(&driver, "sites_by_file");
    driver_type(&driver, ":filter leaks>2");
    assert_true(driver_shows(&driver, "src/pool.c"));
    driver_type(&driver, "c");
    assert_true(driver_shows(&driver, "file=\"src/pool.c\""));
    driver_type(&driver, "5 X B");
    driver_golden(&driver, "sites_by_stack");
    driver_type(&driver, "B");
    assert_true(driver_shows(&driver, "by creation site"));
    driver_close(&driver);
}

/* More events than are read at once: those at the end come when somebody goes there. */
static void test_many_events(void **state)
{
    struct driver driver;
    char *sql = shop(), *all = NULL;
    assert_true(asprintf(&all,
                         "%sWITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15000)"
                         "INSERT INTO task(id, name, site_id, state, created_ns, began_ns, ended_ns)"
                         " SELECT 1000 + i, 'more', 3, 'done', 5000000000 + i, 5000000000 + i, 6000000000 + i FROM n;",
                         sql) > 0);
    driver_open(&driver, *state, all, &(struct driver_options){.view = "events"});
    assert_true(driver_shows(&driver, "the first 20000 events"));
    driver_type(&driver, "G");
    assert_true(driver_shows(&driver, "#16000 more"));
    assert_true(driver_shows(&driver, "task-done"));
    driver_type(&driver, "g");
    assert_true(driver_shows(&driver, "loop-begin"));
    driver_close(&driver);
    free(all);
    free(sql);
}

/* The filter as SQL, which runs, and says the same. */
static void test_as_sql(void **state)
{
    static const struct {
        const char *view, *where, *shows;
    } cases[] = {{"tasks", "worker-0 state:waiting", "worker-0"},
                 {"sites", "leaks>2", "on_shutdown"},
                 {"events", "kind:loop-end", "loop-end"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct driver driver;
        opened(&driver, state, &(struct driver_options){.view = cases[i].view, .where = cases[i].where});
        driver_type(&driver, ":sql");
        assert_string_equal(driver.app->view->ops->name, "sql");
        assert_true(driver_shows(&driver, cases[i].shows));
        assert_int_equal(driver.app->view->table.rows, 1);
        driver_close(&driver);
    }
}

static void test_sizes(void **state)
{
    static const int sizes[][2] = {{1, 1}, {3, 25}, {5, 30}, {9, 61}, {16, 60}, {20, 139}, {60, 200}};
    static const char *const views[] = {"tasks", "sites", "events"};
    for (size_t i = 0; i < 3; i++) {
        struct driver driver;
        opened(&driver, state, &(struct driver_options){.view = views[i], .source = true});
        for (size_t j = 0; j < sizeof sizes / sizeof *sizes; j++) {
            driver_resize(&driver, sizes[j][0], sizes[j][1]);
            driver_type(&driver, "G H Enter j D q g H");
        }
        driver_close(&driver);
    }
}

static void test_empty_and_hostile(void **state)
{
    struct driver driver;
    driver_open(&driver, *state,
                FIXTURE_RUN
                "INSERT INTO site VALUES(9, 'src/\x1b[31m.c', -5, 'f\x07', 'x\ny');"
                "INSERT INTO site_stat(site_id, tasks) VALUES(9, 9223372036854775807);"
                "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, state,"
                " facts, run_ns, steps) VALUES(9223372036854775807, 'a\x1b]0;b\xff', 9, 9, 1,"
                " -9223372036854775807, 9223372036854775807, 'cancelled', 1, -1, 'x');"
                "INSERT INTO task(id, name, state) VALUES(-3, x'00ff1b', 'pending');"
                "INSERT INTO await(task_id, target_kind, began_ns) VALUES(-3, 'sleep', -9223372036854775808);",
                &(struct driver_options){.view = "tasks"});
    assert_true(driver_shows(&driver, "a\\x1b]0;b"));
    driver_type(&driver, "j k H D D D D G = Esc - Esc y Esc");
    driver_type(&driver, ":sort wait");
    driver_type(&driver, "I 5 j j K D D B j B c 6 j j H } ) T = Esc G");
    driver_close(&driver);
    driver_open(&driver, *state, NULL, &(struct driver_options){.view = "tasks"});
    driver_type(&driver, "j G = - 5 j = B B c 6 G ) } H");
    assert_true(driver_shows(&driver, "There are no events in this trace."));
    driver_close(&driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pictures, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_sort_and_filter, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_selection_is_kept, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_relations, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_only_and_without, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_events, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_forms_of_times, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_headings_of_tasks, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_groupings, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_many_events, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_as_sql, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_sizes, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_empty_and_hostile, fixture_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
