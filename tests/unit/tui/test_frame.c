/* The program around views: help, prompts, menus, mouse, history, accepting, copying, writing. */
#include "driver.h"
#include "filter/saved.h"
#include "keymap.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void begin(struct driver *driver, void **state, const struct driver_options *options)
{
    char *sql = driver_shop();
    driver_open(driver, *state, sql, options);
    free(sql);
}

static char *file_text(const char *path)
{
    char *text = calloc(1, 4096);
    FILE *in = fopen(path, "r");
    assert_non_null(text);
    if (in) {
        assert_true(fread(text, 1, 4095, in) < 4095);
        fclose(in);
    }
    return text;
}

static void expect_file(const char *path, const char *expected)
{
    char *text = file_text(path);
    assert_string_equal(text, expected);
    free(text);
}

/* ---- the picture around ---- */

static void test_tabs_and_state(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.rows = 24, .cols = 80});
    const char *tabs = driver_row(&driver, 0);
    assert_non_null(strstr(tabs, "shop.db"));
    assert_non_null(strstr(tabs, "1:Leaks 6"));
    assert_non_null(strstr(tabs, "DONE 4.812s"));
    driver_resize(&driver, 12, 30);
    assert_non_null(strstr(driver_row(&driver, 0), "DONE"));
    driver_close(&driver);
}

static void test_crash_and_rest(void **state)
{
    struct driver driver;
    driver_open(&driver, *state,
                "INSERT INTO run(id, began_unix_ns, end_kind) VALUES(1, 1700000000000000000, 'crashed');"
                "INSERT INTO task(id, loop_id, created_ns, state) VALUES(1, 1, 3200000000, 'pending');",
                &(struct driver_options){0});
    assert_non_null(strstr(driver_row(&driver, 0), "CRASHED"));
    assert_true(driver_shows(&driver, "No leak was seen before the crash"));
    driver_close(&driver);
}

static void test_help(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.ascii = true});
    driver_type(&driver, "?");
    assert_true(driver_shows(&driver, "Help: Leaks view"));
    assert_true(driver_shows(&driver, "FOLLOW A RELATION"));
    driver_type(&driver, "PgDn PgDn PgDn PgDn");
    assert_true(driver_shows(&driver, "leash-filter(7)"));
    driver_type(&driver, "PgUp PgUp PgUp PgUp / \"root cause\" Enter");
    assert_true(driver_shows(&driver, "root cause: waits-for"));
    driver_type(&driver, "PgUp ?");
    assert_true(driver_shows(&driver, "CLASS"));
    driver_type(&driver, "? j S"); /* any key works from there */
    assert_true(driver_shows(&driver, "sort by"));
    driver_close(&driver);
}

/* Every binding of this view is on some page. */
static void test_help_tells_every_key(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.rows = 60, .cols = 140});
    driver_type(&driver, "?");
    for (size_t i = 0; keymap_at(i); i++)
        if (!keymap_at(i)->view)
            assert_true(driver_shows(&driver, keymap_at(i)->keys));
    driver_close(&driver);
}

static void test_menus(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.ascii = true, .mono = true, .rows = 24, .cols = 80});
    driver_type(&driver, "S Down");
    driver_golden(&driver, "menu_sort");
    driver_type(&driver, "3");
    assert_true(driver_shows(&driver, "NAME ^"));
    driver_type(&driver, "C 2 2 3 Esc");
    assert_true(driver_shows(&driver, "COUNT"));
    driver_type(&driver, "C 1 2 3 4 5 6 7 3"); /* the last one stays */
    assert_true(driver_shows(&driver, "one column has to stay"));
    driver_close(&driver);
}

static void test_prompts(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.ascii = true, .rows = 24, .cols = 80});
    driver_type(&driver, "\\ \"coro:flush*\" Enter");
    assert_true(driver_shows(&driver, "1 group, 3 objects"));
    driver_type(&driver, "\\ Ctrl-U \"nome:x\" Enter");
    driver_golden(&driver, "prompt_wrong_filter");
    driver_type(&driver, "Esc");
    assert_true(driver_shows(&driver, "filter: coro:flush*"));
    driver_type(&driver, ":sql");
    assert_true(driver_shows(&driver, "WHERE "));
    driver_type(&driver, "X \\ Ctrl-U \"co\" Tab");
    assert_true(driver_shows(&driver, "filter: coro"));
    driver_type(&driver, "Esc");
    assert_true(driver_shows(&driver, "6 groups"));
    driver_type(&driver, "\\ \"name:nobody\" Enter");
    assert_true(driver_shows(&driver, "nothing matches: name:nobody"));
    driver_type(&driver, "Esc X :frobnicate");
    driver_type(&driver, ":sord");
    assert_true(driver_shows(&driver, "did you mean \"sort\""));
    driver_close(&driver);
}

static void test_search(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.ascii = true, .rows = 24, .cols = 80});
    driver_type(&driver, "/ \"pool\"");
    assert_int_equal(driver.app->view->table.cursor, 2);
    driver_golden(&driver, "prompt_search");
    driver_type(&driver, "Enter n");
    assert_int_equal(driver.app->view->table.cursor, 3);
    driver_type(&driver, "n");
    assert_int_equal(driver.app->view->table.cursor, 2);
    assert_true(driver_shows(&driver, "search went around"));
    driver_type(&driver, "N");
    assert_int_equal(driver.app->view->table.cursor, 3);
    driver_type(&driver, "/ \"POOL\" Enter");
    assert_int_equal(driver.app->view->table.cursor, 3); /* a capital letter minds */
    driver_type(&driver, "/ \"aud\" Esc");
    assert_int_equal(driver.app->view->table.cursor, 3);
    driver_close(&driver);
}

/* ---- going ---- */

static void test_ids_relations_and_back(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "\"#31\" Enter");
    assert_true(driver_shows(&driver, "task #31 \"worker-0\""));
    driver_type(&driver, "a");
    assert_true(driver_shows(&driver, "task #12 \"pool\""));
    driver_type(&driver, "p");
    assert_true(driver_shows(&driver, "task #7 \"server\""));
    driver_type(&driver, "< <");
    assert_true(driver_shows(&driver, "task #31 \"worker-0\""));
    driver_type(&driver, ">");
    assert_true(driver_shows(&driver, "task #12 \"pool\""));
    driver_type(&driver, "c");
    assert_true(driver_shows(&driver, "parent:#12"));
    driver_type(&driver, "< w");
    assert_true(driver_shows(&driver, "task #31 \"worker-0\""));
    driver_type(&driver, "w");
    assert_true(driver_shows(&driver, "it waits for sleep 10.000s"));
    driver_type(&driver, "\"#c5\" Enter");
    assert_true(driver_shows(&driver, "coroutine `flush_cache`"));
    driver_type(&driver, ":go x31");
    assert_true(driver_shows(&driver, "is no id"));
    driver_type(&driver, ":go #4000");
    assert_true(driver_shows(&driver, "nothing in it is called #4000"));
    driver_close(&driver);
}

static void test_history_is_bounded(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    for (int i = 0; i < 60; i++)
        driver_type(&driver, ":go #31\n:go #12\n:go #7");
    assert_int_equal(driver.app->history.back_count, HISTORY_MAX);
    for (int i = 0; i < HISTORY_MAX + 5; i++)
        driver_type(&driver, "<");
    assert_true(driver_shows(&driver, "nothing is behind"));
    driver_close(&driver);
}

static void test_the_row_stays_by_id(void **state)
{
    struct driver driver;
    struct view_row before, after;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "G k");
    assert_true(view_current(driver.app->view, &before));
    driver_type(&driver, ":sort name\nI");
    driver_resize(&driver, 7, 40);
    driver_resize(&driver, 50, 120);
    assert_true(view_current(driver.app->view, &after));
    assert_int_equal(before.key, after.key);
    driver_close(&driver);
}

static void test_a_group_opens_any_of_its_objects(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "/ \"worker\" Enter Enter Enter");
    assert_true(driver_shows(&driver, "2   #32"));
    driver_type(&driver, "2");
    assert_true(driver_shows(&driver, "task #32 \"worker-1\""));
    driver_type(&driver, "q q q");
    assert_true(driver.app->quit);
    driver_close(&driver);
}

static void test_panes(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){.rows = 12, .cols = 40});
    driver_type(&driver, "Enter");
    assert_true(driver_shows(&driver, "created by"));
    driver_type(&driver, "j j j k");
    assert_int_equal(driver.app->view->table.cursor, 0); /* the detail scrolls */
    driver_type(&driver, "q");
    assert_true(driver_shows(&driver, "CLASS"));
    driver_resize(&driver, 24, 80);
    driver_type(&driver, "O");
    assert_false(driver.app->layout.detail.rows);
    driver_type(&driver, "O Tab O");
    assert_false(driver.app->layout.list.rows);
    driver_type(&driver, "q Tab q");
    assert_false(driver.app->quit); /* only back to the list */
    driver_type(&driver, "q");
    assert_true(driver.app->quit);
    driver_close(&driver);
}

/* ---- the mouse ---- */

static void test_mouse(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    const struct layout *layout = &driver.app->layout;
    driver_mouse(&driver, K_PRESS, layout->list.row + 2, 10);
    assert_int_equal(driver.app->view->table.cursor, 2);
    driver_mouse(&driver, K_PRESS, layout->header, 21); /* COUNT */
    assert_int_equal(driver.app->view->table.sort, 1);
    driver_mouse(&driver, K_PRESS, layout->detail.row, 2);
    assert_true(driver.app->on_detail);
    driver_mouse(&driver, K_DOUBLE, layout->list.row + 1, 10);
    assert_int_equal(driver.app->pane, LAYOUT_DETAIL);
    driver_type(&driver, "q");
    driver_resize(&driver, 10, 59);
    driver_type(&driver, "g");
    driver_mouse(&driver, K_WHEEL_DOWN, layout->list.row, 2);
    assert_int_equal(driver.app->view->table.top, driver.app->view->table.rows - (size_t)driver.app->layout.list.rows);
    driver_mouse(&driver, K_PRESS, 0, driver.app->tabs[1].from);
    assert_string_equal(driver.app->view->ops->name, "leaks");
    driver_close(&driver);
}

static void test_mouse_in_menus(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "S");
    const struct rect box = driver.app->menu.box;
    driver_mouse(&driver, K_PRESS, box.row + 2, box.col + 3);
    assert_int_equal(driver.app->view->table.sort, 1);
    driver_type(&driver, "S");
    driver_mouse(&driver, K_PRESS, 0, 0);
    assert_int_equal(driver.app->menu.kind, MENU_NONE);
    driver_close(&driver);
}

/* ---- acting ---- */

static void test_accepting(void **state)
{
    struct driver driver;
    const char *path = fixture_name(*state, "my.supp");
    begin(&driver, state, &(struct driver_options){.ascii = true, .rows = 24, .cols = 100});
    driver.app->accepting.suppressions = path;
    driver_type(&driver, "A \"runs forever\" Enter n"); /* not after all */
    assert_int_not_equal(access(path, F_OK), 0);
    driver_type(&driver, "A Esc A \"runs forever\" Enter");
    assert_true(driver_shows(&driver, "unreferenced:fn=audit reason="));
    driver_type(&driver, "y");
    expect_file(path, "# leash suppressions 1\nunreferenced:fn=audit reason=\"runs forever\"\n");
    assert_true(driver_shows(&driver, "5 groups, 9 objects, 1 suppressed (L)"));
    driver_type(&driver, "L G");
    assert_true(driver_shows(&driver, "6 groups"));
    driver_type(&driver, "/ \"audit_log\" Enter A");
    assert_true(driver_shows(&driver, "it is accepted already"));
    driver_close(&driver);
}

static void test_accepting_into_a_baseline(void **state)
{
    struct driver driver;
    const char *path = fixture_name(*state, "known.txt");
    begin(&driver, state, &(struct driver_options){0});
    driver.app->accepting.baseline = path;
    driver_type(&driver, "A 2 y");
    char *text = file_text(path);
    assert_non_null(strstr(text, "# leash baseline 1\n"));
    assert_non_null(strstr(text, "unreferenced "));
    free(text);
    assert_true(driver_shows(&driver, "k unreferenced"));
    assert_true(driver_shows(&driver, "KNOWN"));
    driver_close(&driver);
}

static void test_commands_are_completed(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, ": w a i Tab");
    assert_true(driver_shows(&driver, ":waits-for"));
    driver_type(&driver, "Esc : m a Tab");
    assert_true(driver_shows(&driver, "map mark"));
    driver_type(&driver, "Esc");
    driver_close(&driver);
}

static void test_a_key_without_a_meaning_says_so(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "W");
    assert_true(driver_shows(&driver, "W means something in Awaits only"));
    driver_type(&driver, "zz");
    assert_true(driver_shows(&driver, "zz means nothing (? lists the keys)"));
    driver_close(&driver);
}

static void test_copying(void **state)
{
    struct driver driver;
    char path[300];
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "y");
    assert_true(driver_shows(&driver, "fingerprint"));
    driver_type(&driver, "1");
    assert_true(driver_shows(&driver, "XDG_RUNTIME_DIR is not set"));
    const char *folder = fixture_name(*state, "run");
    assert_int_equal(mkdir(folder, 0700), 0);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    driver_type(&driver, "y 3"); /* id, site, suppression */
    snprintf(path, sizeof path, "%s/leash.clip", folder);
    expect_file(path, "unreferenced:fn=audit");
    driver_type(&driver, "Space Space y 3"); /* of all that are tagged */
    expect_file(path, "unreferenced:fn=audit\nnever-retrieved:fn=get_user");
    unsetenv("XDG_RUNTIME_DIR");
    driver_close(&driver);
}

static void test_writing(void **state)
{
    struct driver driver;
    static const char *const names[] = {"rows.csv", "rows.json", "rows.md", "rows.txt"};
    char command[300];
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "C 5 6 7 Esc");
    driver_type(&driver, "\\ \"name:flush*|audit*\" Enter");
    for (size_t i = 0; i < 4; i++) {
        snprintf(command, sizeof command, ":write %s", fixture_name(*state, names[i]));
        driver_type(&driver, command);
        assert_true(driver_shows(&driver, "rows written"));
        driver_type(&driver, command);
        assert_true(driver_shows(&driver, "File exists"));
    }
    expect_file(fixture_name(*state, "rows.csv"), "\"class\",\"count\",\"name\",\"site\"\n"
                                                  "\"unreferenced\",\"1\",\"audit_log\",\"src/audit.c:41\"\n"
                                                  "\"never-awaited\",\"3\",\"flush_cache\",\"src/server.c:4\"\n");
    expect_file(
        fixture_name(*state, "rows.json"),
        "[\n  {\"class\": \"unreferenced\", \"count\": \"1\", \"name\": \"audit_log\", \"site\": \"src/audit.c:41\"},\n"
        "  {\"class\": \"never-awaited\", \"count\": \"3\", \"name\": \"flush_cache\", \"site\": "
        "\"src/server.c:4\"}\n]\n");
    expect_file(fixture_name(*state, "rows.txt"), "CLASS            COUNT  NAME                  SITE\n"
                                                  "unreferenced         1  audit_log             src/audit.c:41\n"
                                                  "never-awaited        3  flush_cache           src/server.c:4\n");
    driver_close(&driver);
}

static void test_saved_filters(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, ":filters");
    assert_true(driver_shows(&driver, "no filter is saved"));
    saved_filter_set("workers", "name:worker-*", ".leash.conf:2");
    saved_filter_set("early", "@workers id<32", ".leash.conf:3");
    driver_type(&driver, "2 \\ \"-@wor\" Tab Enter");
    assert_true(driver_shows(&driver, "filter: -@workers"));
    assert_false(driver_shows(&driver, "worker-1"));
    driver_type(&driver, ":filters");
    assert_true(driver_shows(&driver, "early      @workers id<32"));
    driver_type(&driver, "Down Enter");
    assert_true(driver_shows(&driver, "filter: @early"));
    assert_int_equal(driver.app->view->table.rows, 1);
    driver_type(&driver, "\\ Ctrl-U \"@erly\" Enter");
    assert_true(driver_shows(&driver, "did you mean \"@early\"?"));
    driver_close(&driver);
    saved_filters_forget();
}

static void test_tags_and_small_things(void **state)
{
    struct driver driver;
    begin(&driver, state, &(struct driver_options){0});
    driver_type(&driver, "Space Space");
    assert_true(driver_shows(&driver, "2 tagged"));
    driver_type(&driver, "u T");
    assert_true(driver_shows(&driver, "22:13:20.480"));
    driver_type(&driver, ":set time=rel\n:map w");
    assert_true(driver_shows(&driver, "w: waits-for"));
    driver_type(&driver, "z");
    assert_true(driver_shows(&driver, "z ..."));
    driver_type(&driver, "o"); /* nothing to unfold here, and nobody minds */
    driver_type(&driver, ":quit!");
    assert_true(driver.app->quit);
    driver_close(&driver);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_tabs_and_state, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_crash_and_rest, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_help, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_help_tells_every_key, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_menus, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_prompts, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_search, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_ids_relations_and_back, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_history_is_bounded, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_the_row_stays_by_id, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_a_group_opens_any_of_its_objects, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_panes, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_mouse, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_mouse_in_menus, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_accepting, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_accepting_into_a_baseline, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_commands_are_completed, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_a_key_without_a_meaning_says_so, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_copying, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_writing, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_saved_filters, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(test_tags_and_small_things, fixture_begin, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
