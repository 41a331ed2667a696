/* The Timeline view: lanes, zoom, time, marks, families. */
#include "driver.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

#define STEPS                                                                                                          \
    "INSERT INTO step(task_id, began_ns, ended_ns) VALUES(31, 501000000, 503000000), (31, 508000000, 512000000),"      \
    " (12, 4000000, 501000000), (61, 20000000, 30000000);"

static void open_at(struct driver *driver, void **state, const struct driver_options *options, const char *more)
{
    char *sql = fixture_text("waits.sql"), *all = NULL;
    struct driver_options wanted = *options;
    wanted.view = "timeline";
    assert_true(asprintf(&all, "%s%s", sql, more) > 0);
    driver_open(driver, *state, all, &wanted);
    free(all);
    free(sql);
}

static void test_pictures(void **state)
{
    static const struct {
        const char *golden, *keys, *more;
        struct driver_options options;
    } cases[] = {{"timeline_100x30", "", "", {.rows = 30, .cols = 100}},
                 {"timeline_80x24", "", "", {.rows = 24, .cols = 80}},
                 {"timeline_40x12", "", "", {.rows = 12, .cols = 40}},
                 {"timeline_100x30_ascii_mono", "", "", {.rows = 30, .cols = 100, .ascii = true, .mono = true}},
                 {"timeline_160x40", "j j j ( (", STEPS, {.rows = 40, .cols = 160}},
                 {"timeline_zoomed_100x30", "j j j ( ( ( + + + + m a )", STEPS, {.rows = 30, .cols = 100}},
                 {"timeline_family_100x30", "j j j *", "", {.rows = 30, .cols = 100}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct driver driver;
        open_at(&driver, state, &cases[i].options, cases[i].more);
        driver_type(&driver, cases[i].keys);
        driver_golden(&driver, cases[i].golden);
        driver_close(&driver);
    }
}

static void test_time(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0}, "");
    driver_type(&driver, "\"#31\" Enter (");
    assert_true(driver_shows(&driver, "cursor +0.512s"));
    driver_type(&driver, "m a ( ( (");
    assert_true(driver_shows(&driver, "cursor +0.501s   mark a +0.512s   delta -11.0ms"));
    driver_type(&driver, "( (");
    assert_true(driver_shows(&driver, "nothing happened to it before"));
    driver_type(&driver, "' a");
    assert_true(driver_shows(&driver, "cursor +0.512s   mark a +0.512s   delta 0us"));
    driver_type(&driver, "' b");
    assert_true(driver_shows(&driver, "mark b is not set"));
    driver_type(&driver, "m 7");
    assert_true(driver_shows(&driver, "marks are called a to z"));
    driver_type(&driver, "3"); /* the same instant in another view */
    assert_true(driver_shows(&driver, "who waits for whom   at +0.512s"));
    driver_type(&driver, "] 4");
    assert_true(driver_shows(&driver, "cursor +0.513s"));
    driver_close(&driver);
}

static void test_zoom(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0}, "");
    driver_type(&driver, "\"#31\" Enter ( + +");
    assert_true(driver_shows(&driver, "zoom x4.0"));
    assert_true(driver_shows(&driver, "9 of 15"));
    driver_type(&driver, "-");
    assert_true(driver_shows(&driver, "zoom x2.0"));
    driver_type(&driver, "l");
    assert_true(driver_shows(&driver, "+0.577s .. "));
    driver_type(&driver, "h h h h");
    assert_true(driver_shows(&driver, "+0.000s .. +2.406s"));
    driver_type(&driver, "0");
    assert_true(driver_shows(&driver, "15 of 15"));
    for (int i = 0; i < 40; i++)
        driver_type(&driver, "+");
    assert_true(driver_shows(&driver, "1ns/col"));
    for (int i = 0; i < 45; i++)
        driver_type(&driver, "-");
    assert_true(driver_shows(&driver, "15 of 15"));
    driver_close(&driver);
}

static void test_where_to(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0}, "");
    driver_type(&driver, "j j j * ");
    assert_true(driver_shows(&driver, "family of #31  4 of 15"));
    driver_type(&driver, "*");
    assert_true(driver_shows(&driver, "15 of 15"));
    driver_type(&driver, "\"#31\" Enter ( + + + 3 \"#63\" Enter t"); /* it did not live yet: all is shown */
    assert_true(driver_shows(&driver, "15 of 15"));
    assert_true(driver_shows(&driver, "#63 unborn at"));
    driver_type(&driver, "\\ \"x\" Enter");
    assert_true(driver_shows(&driver, "lanes have no filter"));
    driver_close(&driver);
    driver_open(&driver, *state, "", &(struct driver_options){.view = "timeline"});
    assert_true(driver_shows(&driver, "No task lived in this time"));
    driver_type(&driver, "+ - 0 h l ( ) * m a ' a");
    driver_close(&driver);
}

static void test_mouse(void **state)
{
    struct driver driver;
    open_at(&driver, state, &(struct driver_options){0}, "");
    driver_mouse(&driver, K_PRESS, 7, 25 + 37);
    assert_true(driver_shows(&driver, "cursor +2.374s"));
    assert_true(driver_shows(&driver, "#31 worker-0 at +2.374s"));
    driver_type(&driver, "+");
    driver_mouse(&driver, K_PRESS, 7, 60);
    driver_mouse(&driver, K_DRAG, 7, 80);
    driver_mouse(&driver, K_DRAG, 7, 99);
    assert_true(driver_shows(&driver, "+0.000s .. +2.406s"));
    driver_close(&driver);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_FIXTURE(test_pictures), WITH_FIXTURE(test_time), WITH_FIXTURE(test_zoom),
                                       WITH_FIXTURE(test_where_to), WITH_FIXTURE(test_mouse)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
