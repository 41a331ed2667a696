/* The Awaits view: who waits for whom, folded, flipped, at other times. */
#include "driver.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

static void open_at(struct driver *driver, void **state, const struct driver_options *options)
{
    char *sql = fixture_text("waits.sql");
    struct driver_options wanted = *options;
    wanted.view = "awaits";
    driver_open(driver, *state, sql, &wanted);
    free(sql);
}

static void test_pictures(void **state)
{
    static const struct {
        const char *golden, *keys;
        struct driver_options options;
    } cases[] = {{"awaits_100x30", "", {.rows = 30, .cols = 100}},
                 {"awaits_80x24", "", {.rows = 24, .cols = 80}},
                 {"awaits_40x12", "", {.rows = 12, .cols = 40}},
                 {"awaits_100x30_ascii_mono", "", {.rows = 30, .cols = 100, .ascii = true, .mono = true}},
                 {"awaits_160x40", "r", {.rows = 40, .cols = 160}},
                 {"awaits_flipped_100x30", "W", {.rows = 30, .cols = 100}},
                 {"awaits_folded_100x30", "zM", {.rows = 30, .cols = 100}},
                 {"awaits_earlier_100x30", "[ [ [", {.rows = 30, .cols = 100}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct driver driver;
        open_at(&driver, state, &cases[i].options);
        driver_type(&driver, cases[i].keys);
        driver_golden(&driver, cases[i].golden);
        driver_close(&driver);
    }
}

static const char *current(struct driver *driver)
{
    for (int row = 3; row < 20; row++)
        if (driver_row(driver, row)[0] == '>')
            return driver_row(driver, row);
    return "";
}

static void expect_current(struct driver *driver, const char *words)
{
    if (!strstr(current(driver), words))
        fail_msg("\"%s\" is not about %s", current(driver), words);
}

static void test_folds(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "j zc");
    expect_current(&driver, "> #7 server  serve  (+6)");
    driver_type(&driver, "Enter");
    expect_current(&driver, "v #7 server");
    driver_type(&driver, "j j h");
    expect_current(&driver, "> #31 worker-0");
    driver_type(&driver, "h");
    expect_current(&driver, "v #12 pool"); /* what is folded leads to what is above it */
    driver_type(&driver, "zR");
    assert_true(driver_shows(&driver, "* queue #q3"));
    driver_type(&driver, "zM");
    expect_current(&driver, "> #1 main  main_task  (+7)");
    driver_type(&driver, "\"#q3\" Enter"); /* what is folded away is unfolded to be shown */
    expect_current(&driver, "* queue #q3");
    driver_close(&driver);
}

static void test_history_keeps_folds(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "zM \"#q3\" Enter");
    expect_current(&driver, "* queue #q3");
    driver_type(&driver, "<");
    expect_current(&driver, "> #1 main  main_task  (+7)");
    driver_type(&driver, ">");
    expect_current(&driver, "* queue #q3");
    driver_type(&driver, "g zM 2 3 zR");
    expect_current(&driver, "v #1 main");
    driver_type(&driver, "< <"); /* over another view */
    expect_current(&driver, "> #1 main  main_task  (+7)");
    driver_type(&driver, "> >");
    expect_current(&driver, "v #1 main");
    driver_close(&driver);
}

static void test_root_cause(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "r");
    expect_current(&driver, "* queue #q3");
    driver_type(&driver, "r");
    assert_true(driver_shows(&driver, "this is the root cause itself"));
    driver_type(&driver, "\"#32\" Enter r"); /* above, through what it waits for */
    expect_current(&driver, "* queue #q3");
    driver_type(&driver, "\"#60\" Enter r");
    expect_current(&driver, "* sleep 60.000s");
    driver_type(&driver, "\"#55\" Enter r");
    expect_current(&driver, "^ CYCLE back to #55");
    driver_type(&driver, "W \"#1\" Enter r");
    expect_current(&driver, "queue #q3");
    driver_close(&driver);
}

static void test_time(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "\"#12\" Enter ]");
    assert_true(driver_shows(&driver, "nothing changed after this"));
    driver_type(&driver, "[");
    assert_true(driver_shows(&driver, "at +4.000s"));
    expect_current(&driver, "#12 pool"); /* what was selected stays so */
    driver_type(&driver, "]");
    assert_true(driver_shows(&driver, "at +4.812s (loop stopped)"));
    for (int i = 0; i < 40; i++)
        driver_type(&driver, "[");
    assert_true(driver_shows(&driver, "nothing changed before this"));
    driver_close(&driver);
}

static void test_others(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "\\ \"x\" Enter");
    assert_true(driver_shows(&driver, "a tree has no filter"));
    driver_close(&driver);
    driver_open(&driver, *state, FIXTURE_RUN, &(struct driver_options){.view = "awaits"});
    assert_true(driver_shows(&driver, "Nobody waits."));
    driver_type(&driver, "zo zc W r [ ] Enter");
    driver_close(&driver);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_pictures),   WITH_FIXTURE(test_folds), WITH_FIXTURE(test_history_keeps_folds),
        WITH_FIXTURE(test_root_cause), WITH_FIXTURE(test_time),  WITH_FIXTURE(test_others)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
