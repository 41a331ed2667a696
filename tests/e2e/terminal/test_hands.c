/* What a person does at the terminal: resizes it, uses the mouse, edits, copies, stops a query. */
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_resize(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_start(scene, NULL, NULL);
    tty_send(tty, "jj");
    tty_wait(tty, "row 3/5");
    tty_resize(tty, 12, 40);
    tty_wait_in_row(tty, 10, "row 3/5");
    tty_wait(tty, "pending-at");
    tty_resize(tty, 3, 3);
    tty_wait(tty, "20x"); /* "20x4 or more", cut */
    tty_send(tty, "j");   /* unseen, but it counts */
    tty_resize(tty, 24, 80);
    tty_wait_in_row(tty, 22, "row 4/5");
    tty_resize(tty, 30, 100);
    tty_wait_in_row(tty, 28, "row 4/5");
    tty_wait(tty, "FIRST SEEN");
}

static void test_mouse(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_start(scene, NULL, NULL);
    tty_wait(tty, "row 1/5");
    int never_awaited = tty_row_of(tty, "never-awaited");
    assert_true(never_awaited > 0);
    tty_click(tty, never_awaited, 10, 1);
    tty_wait(tty, "row 4/5");
    tty_wait_in_row(tty, never_awaited, ">");
    tty_click(tty, 0, 9, 1); /* on its own tab */
    tty_click(tty, never_awaited, 10, 5);
    tty_send(tty, "g");
    tty_wait(tty, "row 1/5");
    tty_click(tty, 2, 21, 1); /* the heading COUNT */
    tty_wait_in_row(tty, 2, "COUNT");
}

static void test_double_click_opens(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_start(scene, NULL, NULL);
    int row = tty_row_of(tty, "pending-at-exit");
    tty_click(tty, row, 10, 1);
    tty_click(tty, row, 10, 1);
    tty_wait(tty, "await chain");
}

static void write_script(const struct scene *scene, const char *name, const char *text)
{
    const char *path = fixture_name(scene->fixture, name);
    fixture_write(path, text, strlen(text));
    assert_int_equal(chmod(path, 0755), 0);
}

static void test_editor(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    char lines[1000] = ""; /* of source code; then what the editor must have been told */
    assert_int_equal(mkdir(fixture_name(scene->fixture, "src"), 0755), 0);
    for (int i = 0; i < 90; i++)
        strcat(lines, "x;\n");
    fixture_write(fixture_name(scene->fixture, "src/shop.c"), lines, strlen(lines));
    write_script(scene, "editor",
                 "#!/bin/sh\nprintf '%s|' \"$@\" > told\nstty -a | grep -ow icanon\necho EDITING\n"
                 "read line\n");
    scene_start(scene, NULL, "EDITOR=sh -c './editor \"$@\"' it");
    tty_send(tty, "e");
    tty_wait(tty, "EDITING");
    tty_wait(tty, "icanon");
    assert_false(tty->alternate);
    snprintf(lines, sizeof lines, "+30|%s|", fixture_name(scene->fixture, "src/shop.c"));
    assert_string_equal(scene_file(scene, "told"), lines);
    tty_send(tty, "\r");
    tty_wait(tty, "q:quit");
    assert_true(tty->alternate);
    tty_send(tty, "q");
    assert_int_equal(tty_end(tty), 0);
    tty_expect_restored(tty);
}

static void test_copy(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_start(scene, NULL, NULL);
    tty_send(tty, "y");
    tty_wait(tty, "fingerprint");
    tty_send(tty, "1");
    tty_wait(tty, "copied");
    assert_true(tty_wrote(tty, "\033]52;c;"));
    assert_true(strlen(scene_file(scene, "leash.clip")) > 0);
}

#define ENDLESS "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

static void test_slow_query(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_start(scene, NULL, NULL);
    tty_send(tty, ";");
    tty_wait(tty, "sql>");
    tty_send(tty, "\025" ENDLESS "\r"); /* ^U: instead of what it offers */
    tty_wait(tty, "Ctrl-C stops it");
    tty_send(tty, "\003");
    tty_wait_gone(tty, "Ctrl-C stops it");
    tty_wait(tty, "stopped");
    tty_send(tty, "1");
    tty_wait(tty, "pending-at-exit");
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCENE(test_resize), WITH_SCENE(test_mouse), WITH_SCENE(test_double_click_opens),
        WITH_SCENE(test_editor), WITH_SCENE(test_copy),  WITH_SCENE(test_slow_query)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
