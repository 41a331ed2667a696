/* Cells: what text becomes of them, whatever is in it. */
#include "screen.h"
#include "styled.h"
#include "test.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text_of(const struct screen *screen)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    screen_save_text(screen, out);
    fclose(out);
    return text;
}

static void expect(const struct screen *screen, const char *expected)
{
    char *text = text_of(screen);
    assert_string_equal(text, expected);
    free(text);
}

static void begin(struct screen *screen, int rows, int cols, bool ascii)
{
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    screen_open(screen, rows, cols, ascii, COLOURS_256);
}

static void test_text_is_clipped(void **state)
{
    struct screen screen;
    (void)state;
    begin(&screen, 2, 6, false);
    assert_int_equal(screen_text(&screen, 0, 2, 100, "abcdefgh", ROLE_NORMAL), 4);
    assert_int_equal(screen_text(&screen, 1, 0, 3, "abcdefgh", ROLE_NORMAL), 3);
    screen_text(&screen, 7, 0, 3, "outside", ROLE_NORMAL);
    screen_text(&screen, -1, 0, 3, "outside", ROLE_NORMAL);
    expect(&screen, "  abcd\nabc\n");
    screen_close(&screen);
}

static void test_wide_characters_are_never_cut_in_half(void **state)
{
    struct screen screen;
    (void)state;
    begin(&screen, 3, 5, false);
    assert_int_equal(screen_text(&screen, 0, 0, 5, "世界人", ROLE_NORMAL), 4);
    screen_text(&screen, 1, 0, 5, "世界", ROLE_NORMAL);
    screen_text(&screen, 1, 1, 1, "x", ROLE_NORMAL); /* onto the second half of the first */
    screen_text(&screen, 2, 0, 5, "世界", ROLE_NORMAL);
    screen_text(&screen, 2, 2, 1, "x", ROLE_NORMAL); /* onto the first half of the second */
    expect(&screen, "世界\n x界\n世x\n");
    screen_close(&screen);
}

static void test_combining_marks_go_onto_their_letter(void **state)
{
    struct screen screen;
    (void)state;
    begin(&screen, 1, 5, false);
    assert_int_equal(screen_text(&screen, 0, 0, 5, "e\xcc\x81z", ROLE_NORMAL), 2);
    expect(&screen, "e\xcc\x81z\n");
    screen_close(&screen);
}

static void test_nothing_steers_the_terminal(void **state)
{
    struct screen screen;
    (void)state;
    begin(&screen, 1, 20, false);
    screen_text(&screen, 0, 0, 20, "a\033[2Jb\x07\xff\xc3(\xe4\xb8", ROLE_NORMAL);
    expect(&screen, "a?[2Jb?"
                    "??"
                    "(?"
                    "?\n");
    screen_close(&screen);
}

static void test_an_ascii_screen_shows_question_marks(void **state)
{
    struct screen screen;
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C"));
    screen_open(&screen, 2, 10, true, COLOURS_NONE);
    screen_text(&screen, 0, 0, 10, "gr\xc3\xbc\xc3\x9f", ROLE_NORMAL);
    screen_rule(&screen, 1, 0, 3, GLYPH_RULE, ROLE_DIM);
    expect(&screen, "gr??\n---\n");
    screen_close(&screen);
}

static void test_styled_text_is_cut_with_a_mark(void **state)
{
    struct screen screen;
    struct styled line = {0};
    (void)state;
    begin(&screen, 4, 8, false);
    styled_add(&line, ROLE_NORMAL, "a\tlong");
    styled_add(&line, ROLE_ERROR, " line");
    styled_draw(&line, &screen, 0, 0, 8, 0, ALIGN_LEFT);
    styled_draw(&line, &screen, 1, 0, 8, 9, ALIGN_LEFT);
    styled_clear(&line);
    styled_add(&line, ROLE_NORMAL, "12");
    styled_draw(&line, &screen, 2, 0, 8, 0, ALIGN_RIGHT);
    styled_clear(&line);
    styled_add(&line, ROLE_NORMAL, "src/pool.c:57");
    styled_draw(&line, &screen, 3, 0, 8, 0, ALIGN_TAIL);
    expect(&screen, "a\\x09lo~\n line\n      12\n~ol.c:57\n");
    styled_free(&line);
    screen_close(&screen);
}

static void test_lines_wrap_below_their_label(void **state)
{
    struct screen screen;
    struct lines lines = {0};
    (void)state;
    begin(&screen, 4, 30, false);
    styled_add(lines_label(&lines, "hint"), ROLE_NORMAL, "await it before main returns");
    styled_add(lines_add(&lines), ROLE_NORMAL, " end");
    assert_int_equal(lines_draw(&lines, &screen, 0, 0, 4, 30, 0), 3);
    expect(&screen, " hint        await it before\n             main returns\n end\n\n");
    screen_clear(&screen);
    assert_int_equal(lines_draw(&lines, &screen, 0, 0, 4, 30, 1), 3);
    expect(&screen, "             main returns\n end\n\n\n");
    lines_free(&lines);
    screen_close(&screen);
}

/* Every role can be told from plain text without colours, and an overlay changes what it lies on. */
static void test_looks(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct look plain = palette_look((enum role)role, OVERLAY_NONE, COLOURS_NONE);
        struct look selected = palette_look((enum role)role, OVERLAY_SEL, COLOURS_NONE);
        assert_int_equal(plain.foreground, -1);
        assert_int_equal(plain.background, -1);
        assert_true(selected.attributes & LOOK_REVERSE);
        for (int colours = COLOURS_8; colours <= COLOURS_256; colours++) {
            struct look look = palette_look((enum role)role, OVERLAY_NONE, (enum colours)colours);
            assert_in_range(look.foreground + 1, 0, colours == COLOURS_8 ? 8 : colours == COLOURS_16 ? 16 : 256);
        }
    }
    assert_true(palette_look(ROLE_ERROR, OVERLAY_NONE, COLOURS_NONE).attributes & LOOK_BOLD);
    assert_true(palette_look(ROLE_WARN, OVERLAY_NONE, COLOURS_NONE).attributes & LOOK_BOLD);
}

static void test_glyphs_are_one_column_wide(void **state)
{
    struct screen screen;
    (void)state;
    begin(&screen, 1, 1, false);
    for (int glyph = 0; glyph < GLYPH_COUNT; glyph++) {
        assert_int_equal(screen_width(&screen, palette_glyph((enum glyph)glyph, false)), 1);
        assert_int_equal(strlen(palette_glyph((enum glyph)glyph, true)), 1);
    }
    screen_close(&screen);
}

static void test_a_path_loses_its_beginning(void **state)
{
    struct screen screen;
    struct styled text = {0};
    (void)state;
    screen_open(&screen, 4, 24, true, COLOURS_NONE);
    styled_add(&text, ROLE_NORMAL, "examples/tasks/wrong.c:21");
    styled_draw(&text, &screen, 0, 0, 24, 0, ALIGN_TAIL); /* from a whole directory on */
    styled_draw(&text, &screen, 1, 0, 12, 0, ALIGN_TAIL);
    styled_draw(&text, &screen, 2, 0, 5, 0, ALIGN_TAIL);   /* no room for one */
    styled_draw(&text, &screen, 3, 0, 16, 10, ALIGN_TAIL); /* scrolled: what is left fits */
    expect(&screen, "~/tasks/wrong.c:21\n~/wrong.c:21\n~c:21\nasks/wrong.c:21\n");
    styled_free(&text);
    screen_close(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_clipped),
        cmocka_unit_test(test_wide_characters_are_never_cut_in_half),
        cmocka_unit_test(test_combining_marks_go_onto_their_letter),
        cmocka_unit_test(test_nothing_steers_the_terminal),
        cmocka_unit_test(test_an_ascii_screen_shows_question_marks),
        cmocka_unit_test(test_styled_text_is_cut_with_a_mark),
        cmocka_unit_test(test_a_path_loses_its_beginning),
        cmocka_unit_test(test_lines_wrap_below_their_label),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_glyphs_are_one_column_wide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
