/* The Leaks view. */
#include "driver.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

struct shape {
    const char *name;
    struct driver_options options;
};

/* Each size once as it is best shown, and each way to show it once. */
static const struct shape shapes[] = {
    {"100x30", {.rows = 30, .cols = 100, .source = true}},
    {"80x24", {.rows = 24, .cols = 80, .source = true, .mono = true}},
    {"40x12", {.rows = 12, .cols = 40, .source = true, .ascii = true}},
    {"100x30_ascii", {.rows = 30, .cols = 100, .source = true, .ascii = true, .mono = true}},
    {"150x40", {.rows = 40, .cols = 150, .source = true}},
};
#define SHAPES (sizeof shapes / sizeof *shapes)

static void golden_of_shape(struct driver *driver, const char *what, const struct shape *shape)
{
    char name[100];
    snprintf(name, sizeof name, "%s_%s", what, shape->name);
    driver_golden(driver, name);
}

static void test_leaks(void **state)
{
    char *sql = driver_shop();
    for (size_t i = 0; i < SHAPES; i++) {
        struct driver driver;
        driver_open(&driver, *state, sql, &shapes[i].options);
        golden_of_shape(&driver, "leaks", &shapes[i]);
        driver_type(&driver, "j j j Enter");
        golden_of_shape(&driver, "leaks_detail", &shapes[i]);
        driver_close(&driver);
    }
    free(sql);
}

static void test_no_leaks(void **state)
{
    for (size_t i = 0; i < SHAPES; i++) {
        struct driver driver;
        driver_open(&driver, *state, FIXTURE_RUN, &shapes[i].options);
        golden_of_shape(&driver, "noleaks", &shapes[i]);
        driver_close(&driver);
    }
}

static void test_tabs_of_the_detail(void **state)
{
    char *sql = driver_shop();
    struct driver driver;
    driver_open(&driver, *state, sql, &(struct driver_options){.source = true});
    driver_type(&driver, "/ \"worker\" Enter D");
    assert_true(driver_shows(&driver, "[chain]"));
    driver_type(&driver, "/ \"fetch\" Enter D"); /* has none */
    assert_true(driver_shows(&driver, "[stack]"));
    driver_type(&driver, "D D");
    assert_true(driver_shows(&driver, "[raw]"));
    driver_type(&driver, "K");
    driver_golden(&driver, "leaks_stack");
    driver_type(&driver, "K / \"flush\" Enter v");
    driver_golden(&driver, "leaks_source");
    driver_close(&driver);
    free(sql);
}

static void test_sorting(void **state)
{
    char *sql = driver_shop();
    struct driver driver;
    driver_open(&driver, *state, sql, &(struct driver_options){.sort = "-age"});
    driver_golden(&driver, "leaks_by_age");
    const char *first = driver_row(&driver, 3);
    assert_non_null(first);
    driver_type(&driver, "I");
    assert_true(driver_shows(&driver, "AGE ^"));
    driver_type(&driver, ":sort name");
    assert_true(driver_shows(&driver, "NAME ^"));
    driver_close(&driver);
    free(sql);
}

/* What a trace says steers nothing. */
static void test_hostile_names(void **state)
{
    struct driver driver;
    driver_open(&driver, *state,
                FIXTURE_RUN
                "INSERT INTO site VALUES(9, 'src/\x1b[31m.c', -5, 'f\x07', 'x\ny');"
                "INSERT INTO task(id, name, site_id, coro_site_id, loop_id, created_ns, began_ns, state, facts)"
                " VALUES(9223372036854775807, 'a\x1b]0;b\xff', 9, 9, 1, -9223372036854775807, 1, 'cancelled', 1);",
                &(struct driver_options){0});
    assert_true(driver_shows(&driver, "a\\x1b]0;b\\xff"));
    driver_type(&driver, "Enter q D D D D w a p r s y Esc");
    driver_close(&driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_leaks, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_no_leaks, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_tabs_of_the_detail, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_sorting, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_hostile_names, fixture_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
