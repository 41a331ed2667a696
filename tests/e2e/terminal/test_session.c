/* How the interface begins and ends: whatever ends it, the terminal is as it was before. */
#include "scene.h"
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void expect_end(struct scene *scene, int code)
{
    assert_int_equal(tty_end(&scene->tty), code);
    tty_expect_restored(&scene->tty);
}

static void test_quit(void **state)
{
    struct scene *scene = *state;
    scene_start(scene, NULL, NULL);
    assert_true(scene->tty.alternate);
    assert_true(scene->tty.mouse);
    assert_false(scene->tty.cursor);
    tty_send(&scene->tty, "q");
    expect_end(scene, 0);
    assert_false(tty_shows(&scene->tty, "Leaks"));
}

static void test_quit_at_once(void **state)
{
    struct scene *scene = *state;
    scene_start(scene, NULL, NULL);
    tty_send(&scene->tty, "?");
    tty_wait(&scene->tty, "next row");
    tty_send(&scene->tty, "Q");
    expect_end(scene, 0);
}

/* The program's own name without a command, too. */
static void test_bare_trace(void **state)
{
    struct scene *scene = *state;
    scene_run(scene, NULL, NULL, (const char *const[]){LEASH_PROGRAM, "leaky.db", NULL});
    tty_wait(&scene->tty, "1:Leaks");
    tty_send(&scene->tty, "q");
    expect_end(scene, 0);
}

static void test_without_a_terminal(void **state)
{
    struct scene *scene = *state;
    scene_run(scene, NULL, "LEASH_PAGER=",
              (const char *const[]){"sh", "-c", LEASH_PROGRAM " leaky.db | cat; " LEASH_PROGRAM " leaky.db < /dev/null",
                                    NULL});
    assert_int_equal(tty_end(&scene->tty), 1);
    assert_true(tty_wrote(&scene->tty, "error[pending-at-exit]"));
    assert_true(tty_wrote(&scene->tty, "4 leaks in 4 groups"));
    assert_false(tty_wrote(&scene->tty, "1:Leaks"));
}

static void test_signals(void **state)
{
    static const int numbers[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT};
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        scene_start(scene, NULL, NULL);
        assert_int_equal(kill(scene->tty.pid, numbers[i]), 0);
        expect_end(scene, 128 + numbers[i]);
    }
}

/* A shell with job control is needed: it stops only who has somebody to continue it. */
static void test_suspend(void **state)
{
    struct scene *scene = *state;
    struct tty *tty = &scene->tty;
    scene_run(scene, NULL, "PS1=ready> \nENV", (const char *const[]){"sh", "-i", NULL});
    tty_wait(tty, "ready>");
    tty_send(tty, "clear; " LEASH_PROGRAM " tui leaky.db\r");
    tty_wait(tty, "q:quit");
    tty_send(tty, "j\032");
    tty_wait(tty, "ready>");
    assert_false(tty->alternate);
    assert_false(tty->mouse);
    assert_true(tty->cursor);
    tty_send(tty, "clear; stty -a | tr ' ;' '\\n' | grep -x -e icanon -e echo | tr '\\n' -\r");
    tty_wait(tty, "icanon-echo-");
    tty_send(tty, "fg; echo over-$?\r");
    tty_wait(tty, "q:quit");
    tty_send(tty, "j");
    tty_wait(tty, "row 3/5");
    assert_true(tty->alternate);
    assert_true(tty->mouse);
    tty_send(tty, "q");
    tty_wait(tty, "over-0");
    tty_send(tty, "exit\r");
    expect_end(scene, 0);
}

static void test_kinds_of_terminals(void **state)
{
    static const char *const names[] = {"xterm",  "xterm-256color", "xterm-mono", "tmux",  "tmux-256color",
                                        "screen", "linux",          "vt100",      "vt220", "ansi"};
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        /* On a console curses loads libgpm, which leaks a few bytes and is gone when they are looked for. */
        bool console = strcmp(names[i], "linux") == 0;
        scene_start(scene, names[i], console ? "ASAN_OPTIONS=detect_leaks=0" : NULL);
        tty_wait(&scene->tty, "pending-at-exit");
        tty_send(&scene->tty, "jj");
        tty_wait(&scene->tty, "row 3/5");
        tty_send(&scene->tty, "?");
        tty_wait(&scene->tty, "next row");
        tty_send(&scene->tty, "Q");
        expect_end(scene, 0);
    }
}

static void test_refused(void **state)
{
    static const char *const terminals[][2] = {
        {"dumb", "terminal \"dumb\" cannot show the TUI; try: leash check leaky.db"},
        {"no-such-terminal", "terminal \"no-such-terminal\" cannot show the TUI"},
        {"", "cannot show the TUI"}};
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof terminals / sizeof *terminals; i++) {
        scene_run(scene, terminals[i][0], NULL, (const char *const[]){LEASH_PROGRAM, "tui", "leaky.db", NULL});
        assert_int_equal(tty_end(&scene->tty), 2);
        if (!tty_wrote(&scene->tty, terminals[i][1]))
            fail_msg("%s: %s", terminals[i][0], scene->tty.log);
        assert_false(tty_wrote(&scene->tty, "\033["));
    }
}

/* Colours are SGR 30 to 49, 90 to 107. */
static bool is_coloured(const struct tty *tty)
{
    for (const char *at = tty->log; (at = strstr(at, "\033[")); at += 2) {
        size_t length = strspn(at + 2, "0123456789;:");
        if (at[2 + length] != 'm')
            continue;
        for (const char *number = at + 2; number < at + 2 + length; number += strcspn(number, ";:m") + 1) {
            int value = atoi(number);
            if ((value >= 30 && value <= 38) || (value >= 40 && value <= 48) || value >= 90)
                return true;
        }
    }
    return false;
}

static void test_colours(void **state)
{
    struct scene *scene = *state;
    scene_start(scene, "xterm-256color", NULL);
    assert_true(is_coloured(&scene->tty));
    scene_start(scene, "xterm-256color", "NO_COLOR=1");
    assert_false(is_coloured(&scene->tty));
    tty_wait_in_row(&scene->tty, 3, ">");
    assert_true(tty_is_reverse(&scene->tty, 3, 1)); /* the cursor's row is told all the same */
    scene_start(scene, "xterm-mono", NULL);
    assert_false(is_coloured(&scene->tty));
}

static bool is_ascii(const struct tty *tty)
{
    for (size_t i = 0; i < tty->length; i++)
        if ((unsigned char)tty->log[i] >= 0x80)
            return false;
    return true;
}

static void test_locales(void **state)
{
    struct scene *scene = *state;
    fixture_sql(fixture_name(scene->fixture, "leaky.db"), "UPDATE task SET name = 'käse-\xe2\x82\xac' WHERE id = 2");
    scene_start(scene, NULL, NULL);
    tty_wait(&scene->tty, "käse-\xe2\x82\xac");
    assert_false(is_ascii(&scene->tty));
    scene_start(scene, NULL, "LC_ALL=C");
    tty_wait(&scene->tty, "k?se-?");
    assert_true(is_ascii(&scene->tty));
}

#define WITH_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin, scene_end)

int main(void)
{
    const struct CMUnitTest tests[] = {WITH_SCENE(test_quit),
                                       WITH_SCENE(test_quit_at_once),
                                       WITH_SCENE(test_bare_trace),
                                       WITH_SCENE(test_without_a_terminal),
                                       WITH_SCENE(test_signals),
                                       WITH_SCENE(test_suspend),
                                       WITH_SCENE(test_kinds_of_terminals),
                                       WITH_SCENE(test_refused),
                                       WITH_SCENE(test_colours),
                                       WITH_SCENE(test_locales)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
