/* A line that is edited. */
#include "key.h"
#include "prompt.h"
#include "test.h"

#include <string.h>

static void type(struct prompt *prompt, const char *keys)
{
    while (*keys)
        prompt_key(prompt, key_parse(&keys));
}

static void expect(const struct prompt *prompt, const char *text, size_t at)
{
    assert_string_equal(buffer_text(&prompt->text), text);
    assert_int_equal(prompt->at, at);
}

static void test_editing(void **state)
{
    struct prompt prompt = {0};
    (void)state;
    prompt_begin(&prompt, PROMPT_FILTER, "");
    type(&prompt, "a b c Space d e f");
    expect(&prompt, "abc def", 7);
    type(&prompt, "Left Left x");
    expect(&prompt, "abc dxef", 6);
    type(&prompt, "Backspace Delete Home Delete");
    expect(&prompt, "bc df", 0);
    type(&prompt, "End Ctrl-W");
    expect(&prompt, "bc ", 3);
    type(&prompt, "Left Left Ctrl-K");
    expect(&prompt, "b", 1);
    type(&prompt, "Ctrl-U");
    expect(&prompt, "", 0);
    assert_int_equal(prompt_key(&prompt, K_BACKSPACE), PROMPT_CANCELLED);
    prompt_free(&prompt);
}

static void test_characters_are_moved_over_whole(void **state)
{
    struct prompt prompt = {0};
    (void)state;
    prompt_begin(&prompt, PROMPT_SEARCH, "");
    type(&prompt, "\xc3\xa9 \xe4\xb8\x96 Left Left");
    expect(&prompt, "\xc3\xa9\xe4\xb8\x96", 0);
    type(&prompt, "Right Right Backspace");
    expect(&prompt, "\xc3\xa9", 2);
    prompt_free(&prompt);
}

static void test_what_was_typed_before(void **state)
{
    struct prompt prompt = {0};
    (void)state;
    for (int i = 0; i < 60; i++) {
        prompt_begin(&prompt, PROMPT_COMMAND, i % 2 ? "odd" : "even");
        prompt_end(&prompt, true);
    }
    prompt_begin(&prompt, PROMPT_COMMAND, "mine");
    assert_int_equal(prompt_key(&prompt, K_UP), PROMPT_CHANGED);
    expect(&prompt, "odd", 3);
    type(&prompt, "Up");
    expect(&prompt, "even", 4);
    type(&prompt, "Down Down");
    expect(&prompt, "mine", 4);
    prompt_begin(&prompt, PROMPT_FILTER, "");
    assert_int_equal(prompt_key(&prompt, K_UP), PROMPT_GOES_ON); /* another one's is not shown */
    prompt_free(&prompt);
}

static void test_yes_is_said_with_y(void **state)
{
    struct prompt prompt = {0};
    (void)state;
    prompt_begin(&prompt, PROMPT_CONFIRM, NULL);
    assert_int_equal(prompt_key(&prompt, 'y'), PROMPT_DONE);
    assert_int_equal(prompt_key(&prompt, K_ENTER), PROMPT_CANCELLED);
    assert_int_equal(prompt_key(&prompt, K_ESCAPE), PROMPT_CANCELLED);
    prompt_free(&prompt);
}

static void test_a_long_line_shows_its_cursor(void **state)
{
    struct prompt prompt = {0};
    struct screen screen;
    (void)state;
    screen_open(&screen, 3, 20, true, COLOURS_NONE);
    prompt_begin(&prompt, PROMPT_COMMAND, "a very long line that does not fit");
    strcpy(prompt.wrong, "wrong here");
    prompt.wrong_at = 3;
    for (int i = 0; i < 40; i++) {
        screen_clear(&screen);
        prompt_draw(&prompt, &screen, 2);
        assert_in_range(screen.cursor_col, 0, 19);
        prompt_key(&prompt, K_LEFT);
    }
    prompt_free(&prompt);
    screen_close(&screen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_editing),
        cmocka_unit_test(test_characters_are_moved_over_whole),
        cmocka_unit_test(test_what_was_typed_before),
        cmocka_unit_test(test_yes_is_said_with_y),
        cmocka_unit_test(test_a_long_line_shows_its_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
