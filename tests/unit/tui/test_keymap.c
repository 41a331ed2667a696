/* The one table of keys: nothing in it is doubled, unnamed or unreachable. */
#include "key.h"
#include "keymap.h"
#include "test.h"
#include "view.h"

#include <stdio.h>
#include <string.h>

static void parse(const char *keys, int *first, int *second)
{
    const char *at = keys;
    *first = key_parse(&at);
    *second = key_parse(&at);
    if (*at)
        fail_msg("\"%s\" is more than two keys", keys);
}

static void test_names_of_keys_are_read_back(void **state)
{
    static const int keys[] = {'j',         'G',         K_ENTER, K_TAB, K_SPACE, K_ESCAPE, K_BACKSPACE,
                               K_CTRL('D'), K_PAGE_DOWN, K_F1,    0xe9,  0x4e16,  '#',      '\\'};
    char text[KEY_NAME];
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *at = key_text(keys[i], text);
        assert_int_equal(key_parse(&at), keys[i]);
        assert_string_equal(at, "");
    }
}

static void test_no_key_has_two_meanings(void **state)
{
    (void)state;
    for (size_t i = 0; keymap_at(i); i++) {
        int first, second, other, next;
        parse(keymap_at(i)->keys, &first, &second);
        assert_int_not_equal(first, K_NONE);
        for (size_t j = 0; j < i; j++) {
            const char *mine = keymap_at(i)->view, *its = keymap_at(j)->view;
            bool same_view = mine && its ? strcmp(mine, its) == 0 : mine == its;
            parse(keymap_at(j)->keys, &other, &next);
            if (same_view && first == other && (second == next || second == K_NONE || next == K_NONE))
                fail_msg("\"%s\" is bound twice", keymap_at(i)->keys);
        }
    }
}

static void test_every_action_has_a_name_and_a_key(void **state)
{
    (void)state;
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++) {
        enum action action = (enum action)i;
        const struct action_words *words = action_words(action);
        bool bound = false;
        assert_int_equal(action_named(words->name), action);
        assert_true(*words->help && *words->hint);
        for (size_t j = 0; keymap_at(j); j++)
            bound = bound || keymap_at(j)->action == action;
        if (!bound)
            fail_msg("%s has no key", words->name);
    }
    assert_int_equal(action_named("fly"), ACTION_NONE);
}

static void test_a_view_comes_before_all_views(void **state)
{
    (void)state;
    assert_int_equal(keymap_find("leaks", '-', K_NONE), ACTION_WITHOUT_CELL);
    assert_int_equal(keymap_find("timeline", '-', K_NONE), ACTION_ZOOM_OUT);
    assert_int_equal(keymap_find("leaks", 'z', 'o'), ACTION_UNFOLD);
    assert_true(keymap_is_prefix("leaks", 'z'));
    assert_false(keymap_is_prefix("leaks", 'j'));
    assert_int_equal(keymap_find("leaks", 0x4e16, K_NONE), ACTION_NONE);
    assert_string_equal(keymap_keys("leaks", ACTION_HELP), "?");
}

static void test_hints_have_keys(void **state)
{
    (void)state;
    for (size_t i = 0; views_at(i); i++) {
        const enum action *hints = views_at(i)->hints;
        assert_int_equal(hints[0], ACTION_HELP);
        for (; *hints != ACTION_NONE; hints++)
            if (!keymap_keys(views_at(i)->name, *hints))
                fail_msg("%s hints at %s, which has no key there", views_at(i)->name, action_words(*hints)->name);
        assert_int_equal(hints[-1], ACTION_QUIT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_of_keys_are_read_back),
        cmocka_unit_test(test_no_key_has_two_meanings),
        cmocka_unit_test(test_every_action_has_a_name_and_a_key),
        cmocka_unit_test(test_a_view_comes_before_all_views),
        cmocka_unit_test(test_hints_have_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
