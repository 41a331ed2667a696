/* The SQL view. */
#include "driver.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static void begin(struct driver *driver, void **state, const struct driver_options *options)
{
    char *sql = driver_shop();
    driver_open(driver, *state, sql, options);
    free(sql);
}

static void test_a_whole_statement(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_type(&driver, "\"select count(*) AS n FROM task\" Enter"); /* behind the "SELECT " that stands there */
    assert_true(driver_shows(&driver, "sql> select count(*) AS n FROM task"));
    assert_true(driver_shows(&driver, "1 row"));
    driver_close(&driver);
}

static void test_a_statement_and_its_rows(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_golden(&driver, "sql_begin");
    driver_type(&driver, "\"id, name, state, creator_task_id, lost_ns FROM task WHERE id > 10\" Enter");
    driver_golden(&driver, "sql_rows");
    driver_type(&driver, "j j Enter");
    assert_true(driver_shows(&driver, "task #12 \"pool\"")); /* creator_task_id, the only one that says whose it is */
    driver_close(&driver);
}

static void test_an_id_opens_its_object(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_type(&driver, ":sql SELECT task_id FROM await WHERE id = 1\nEnter");
    assert_true(driver_shows(&driver, "task #31 \"worker-0\""));
    driver_type(&driver,
                "q\n:sql SELECT 'x', subject_kind, subject_id FROM finding UNION SELECT 'x', 'coro', 5\nEnter");
    assert_true(driver_shows(&driver, "flush_cache"));
    driver_type(&driver, "q\n:sql SELECT task_id, target_id, target_kind FROM await WHERE id = 3\nEnter");
    assert_true(driver_shows(&driver, "1   #12"));
    driver_type(&driver, "2");
    assert_true(driver_shows(&driver, "task #31 \"worker-0\""));
    driver_close(&driver);
}

static void test_errors_are_shown_and_mended(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_type(&driver, "Ctrl-U \"SELECT 1 AS one\" Enter ; Ctrl-U \"DELETE FROM task\" Enter");
    assert_true(driver_shows(&driver, "sql> DELETE FROM task"));
    assert_true(driver_shows(&driver, "one"));
    driver_golden(&driver, "sql_error");
    driver_close(&driver);
}

/* The trace has views of names that ours have as well. */
static void test_each_name_is_listed_once(void **state)
{
    struct driver driver;
    size_t count = 0;
    driver_open(&driver, *state, FIXTURE_RUN "CREATE VIEW leak AS SELECT 1 AS theirs;",
                &(struct driver_options){.view = "sql", .rows = 60});
    for (int row = 0; row < 60; row++)
        count += strncmp(driver_row(&driver, row), " leak ", 6) == 0;
    assert_int_equal(count, 1);
    assert_false(driver_shows(&driver, "theirs")); /* a statement would not see it */
    driver_close(&driver);
}

static void test_completion(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_type(&driver, "Ctrl-U \"SELECT x FROM fai\" Tab");
    assert_true(driver_shows(&driver, "FROM failure"));
    driver_type(&driver, "\" WHERE mes\" Tab");
    assert_true(driver_shows(&driver, "WHERE message"));
    driver_type(&driver, "\" , s\" Tab");
    assert_true(driver_shows(&driver, "subject_kind subject_id"));
    driver_close(&driver);
}

static void test_hostile_values(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.view = "sql"});
    driver_type(&driver,
                ":sql SELECT char(27) || '[2J' AS \"a\033b\", x'00ff', NULL, 1e300, -9223372036854775807 AS task_id");
    assert_true(driver_shows(&driver, "\\x1b[2J"));
    assert_true(driver_shows(&driver, "x'00ff'"));
    driver_type(&driver, "Enter");
    driver_close(&driver);
}

static void test_leaving(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "; Esc q");
    assert_true(driver_shows(&driver, "CLASS"));
    assert_false(driver.app->quit);
    driver_type(&driver, "q");
    assert_true(driver.app->quit);
    driver_close(&driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_statement_and_its_rows, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_a_whole_statement, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_an_id_opens_its_object, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_errors_are_shown_and_mended, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_each_name_is_listed_once, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_completion, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_hostile_values, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_leaving, fixture_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
