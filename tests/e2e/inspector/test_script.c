/* `leash tui --script`: the shipped program without a terminal, and what it refuses. */
#include "command.h"
#include "fixture.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct said said;

static int make_trace(void **state)
{
    fixture_begin(state);
    char *sql = fixture_text("shop.sql");
    fixture_make(fixture_name(*state, "shop.db"), sql);
    free(sql);
    return 0;
}

static void write_script(const struct fixture *fixture, const char *text)
{
    fixture_write(fixture_name(fixture, "keys"), text, strlen(text));
}

static const char *read_file(const struct fixture *fixture, const char *name)
{
    static char text[65536];
    FILE *in = fopen(fixture_name(fixture, name), "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = '\0';
    fclose(in);
    return text;
}

static void test_screens_are_saved(void **state)
{
    write_script(*state, "# two rows on, in full\n"
                         "j j Enter\n"
                         ":save-screen detail.txt\n"
                         "q / \"flush\" Enter\n"
                         ":save-screen list.txt\n"
                         ":save-screen -a map.txt\n");
    SAYS(&said, (struct fixture *)*state, "tui", "--script", "keys", "--size", "80x24", "--ascii", "shop.db");
    assert_string_equal(said.err, "");
    assert_string_equal(said.out, "");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(read_file(*state, "detail.txt"), "2 tasks \"worker-*\" were pending when the loop stopped"));
    const char *list = read_file(*state, "list.txt");
    assert_non_null(strstr(list, "\n>E never-awaited "));
    int lines = 0;
    for (const char *at = list; *at; at++)
        lines += *at == '\n';
    assert_int_equal(lines, 24);
    const char *map = read_file(*state, "map.txt");
    assert_int_equal(strcspn(map, "\n"), 80);
    assert_non_null(strstr(map, "SSMMMMMS")); /* the match lies in the selected row */
}

/* The same picture each time. */
static void test_nothing_depends_on_time(void **state)
{
    char first[65536];
    write_script(*state, "; Ctrl-U \"SELECT * FROM task\" Enter 2 j j w 3 4 5 6\n:save-screen one.txt\n");
    SAYS(&said, (struct fixture *)*state, "tui", "--script", "keys", "shop.db");
    assert_int_equal(said.code, 0);
    snprintf(first, sizeof first, "%s", read_file(*state, "one.txt"));
    SAYS(&said, (struct fixture *)*state, "tui", "--script", "keys", "shop.db");
    assert_string_equal(first, read_file(*state, "one.txt"));
}

static void test_it_begins_as_it_is_told(void **state)
{
    write_script(*state, ":save-screen out.txt\n");
    SAYS(&said, (struct fixture *)*state, "tui", "--script", "keys", "--where", "coro:flush*", "--sort", "-age",
         "shop.db");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(read_file(*state, "out.txt"), "filter: coro:flush*"));
    assert_non_null(strstr(read_file(*state, "out.txt"), "AGE v"));
    SAYS(&said, (struct fixture *)*state, "tui", "--script", "keys", "--view", "sql", "shop.db");
    assert_non_null(strstr(read_file(*state, "out.txt"), " sql> "));
}

static void expect_trouble(void **state, const char *words)
{
    assert_int_equal(said.code, 2);
    (void)state;
    if (!strstr(said.err, words))
        fail_msg("\"%s\" is not in: %s", words, said.err);
}

static void test_what_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    write_script(fixture, "j\n\"never closed\n");
    SAYS(&said, fixture, "tui", "--script", "keys", "shop.db");
    expect_trouble(state, "keys:2: a quote is not closed");
    SAYS(&said, fixture, "tui", "--script", "nothing", "shop.db");
    expect_trouble(state, "nothing: No such file");
    SAYS(&said, fixture, "tui", "--script", "keys", "--view", "tusks", "shop.db");
    expect_trouble(state, "there is no view \"tusks\"");
    SAYS(&said, fixture, "tui", "--script", "keys", "--where", "nome:x", "shop.db");
    expect_trouble(state, "did you mean \"name\"?");
    SAYS(&said, fixture, "tui", "--script", "keys", "--size", "wide", "shop.db");
    expect_trouble(state, "100x30");
    SAYS(&said, fixture, "tui", "shop.db");
    expect_trouble(state, "this is no terminal; try: leash check shop.db");
    SAYS(&said, fixture, "tui");
    expect_trouble(state, "one trace, please");
    SAYS(&said, fixture, "tui", "--script", "keys", "none.db");
    expect_trouble(state, "none.db");
}

static void test_keys_are_listed(void **state)
{
    SAYS(&said, (struct fixture *)*state, "tui", "--keys");
    assert_int_equal(said.code, 0);
    assert_non_null(strstr(said.out, "all\tFOLLOW A RELATION\tw\twaits-for\twhat it waits for\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_screens_are_saved, make_trace, fixture_end),
        cmocka_unit_test_setup_teardown(test_nothing_depends_on_time, make_trace, fixture_end),
        cmocka_unit_test_setup_teardown(test_it_begins_as_it_is_told, make_trace, fixture_end),
        cmocka_unit_test_setup_teardown(test_what_is_refused, make_trace, fixture_end),
        cmocka_unit_test_setup_teardown(test_keys_are_listed, make_trace, fixture_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
