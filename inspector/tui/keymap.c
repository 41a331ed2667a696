#include "keymap.h"
#include "key.h"

#include <string.h>

/* A view's own bindings come before those of all views. A view that is not here has none of its own. */
static const struct binding bindings[] = {
    {"awaits", "[", ACTION_STEP_BACK},
    {"awaits", "]", ACTION_STEP_ON},
    {"awaits", "W", ACTION_FLIP},
    {"timeline", "+", ACTION_ZOOM_IN},
    {"timeline", "=", ACTION_ZOOM_IN},
    {"timeline", "-", ACTION_ZOOM_OUT},
    {"timeline", "0", ACTION_ZOOM_FIT},
    {"timeline", "(", ACTION_STEP_BACK},
    {"timeline", ")", ACTION_STEP_ON},
    {"timeline", "m", ACTION_MARK},
    {"timeline", "'", ACTION_MARK_GO},
    {"timeline", "*", ACTION_FAMILY},
    {"events", "(", ACTION_SAME_BACK},
    {"events", ")", ACTION_SAME_ON},
    {"events", "{", ACTION_KIND_BACK},
    {"events", "}", ACTION_KIND_ON},
    {"events", "H", ACTION_HISTOGRAM},
    {"sql", "\\g", ACTION_AS_FILTER},
    {"tasks", "H", ACTION_HISTOGRAM},

    {NULL, "j", ACTION_DOWN},
    {NULL, "Down", ACTION_DOWN},
    {NULL, "k", ACTION_UP},
    {NULL, "Up", ACTION_UP},
    {NULL, "Ctrl-D", ACTION_HALF_DOWN},
    {NULL, "Ctrl-U", ACTION_HALF_UP},
    {NULL, "PgDn", ACTION_PAGE_DOWN},
    {NULL, "PgUp", ACTION_PAGE_UP},
    {NULL, "g", ACTION_FIRST},
    {NULL, "Home", ACTION_FIRST},
    {NULL, "G", ACTION_LAST},
    {NULL, "End", ACTION_LAST},
    {NULL, "h", ACTION_LEFT},
    {NULL, "Left", ACTION_LEFT},
    {NULL, "l", ACTION_RIGHT},
    {NULL, "Right", ACTION_RIGHT},
    {NULL, "zo", ACTION_UNFOLD},
    {NULL, "zc", ACTION_FOLD},
    {NULL, "zR", ACTION_UNFOLD_ALL},
    {NULL, "zM", ACTION_FOLD_ALL},
    {NULL, "Tab", ACTION_FOCUS},
    {NULL, "1", ACTION_VIEW_1},
    {NULL, "2", ACTION_VIEW_2},
    {NULL, "3", ACTION_VIEW_3},
    {NULL, "4", ACTION_VIEW_4},
    {NULL, "5", ACTION_VIEW_5},
    {NULL, "6", ACTION_VIEW_6},
    {NULL, "7", ACTION_VIEW_7},
    {NULL, "<", ACTION_BACK},
    {NULL, "Ctrl-O", ACTION_BACK},
    {NULL, "Backspace", ACTION_BACK},
    {NULL, ">", ACTION_FORWARD},

    {NULL, "Enter", ACTION_OPEN},
    {NULL, "w", ACTION_WAITS_FOR},
    {NULL, "a", ACTION_AWAITER},
    {NULL, "p", ACTION_PARENT},
    {NULL, "c", ACTION_CHILDREN},
    {NULL, "s", ACTION_SITE},
    {NULL, "r", ACTION_ROOT},
    {NULL, "t", ACTION_TIMELINE_HERE},
    {NULL, "x", ACTION_EVENTS_HERE},
    {NULL, "#", ACTION_GO},

    {NULL, "y", ACTION_COPY},
    {NULL, "e", ACTION_EDIT},
    {NULL, "A", ACTION_ACCEPT},
    {NULL, "E", ACTION_EXPORT},
    {NULL, "Space", ACTION_TAG},
    {NULL, "u", ACTION_UNTAG},
    {NULL, ":", ACTION_COMMAND},
    {NULL, ";", ACTION_SQL},
    {NULL, "F", ACTION_FOLLOW},
    {NULL, "Ctrl-L", ACTION_REDRAW},
    {NULL, "M", ACTION_MOUSE},

    {NULL, "/", ACTION_SEARCH},
    {NULL, "n", ACTION_SEARCH_NEXT},
    {NULL, "N", ACTION_SEARCH_PREVIOUS},
    {NULL, "\\", ACTION_FILTER},
    {NULL, "&", ACTION_FILTER},
    {NULL, "=", ACTION_ONLY_CELL},
    {NULL, "-", ACTION_WITHOUT_CELL},
    {NULL, "X", ACTION_CLEAR},
    {NULL, "L", ACTION_SUPPRESSED},

    {NULL, "S", ACTION_SORT},
    {NULL, "I", ACTION_INVERT},
    {NULL, "C", ACTION_COLUMNS},
    {NULL, "B", ACTION_GROUP_BY},
    {NULL, "T", ACTION_TIME},
    {NULL, "O", ACTION_FULL},
    {NULL, "v", ACTION_SOURCE},
    {NULL, "D", ACTION_NEXT_TAB},
    {NULL, "K", ACTION_STACK},

    {NULL, "?", ACTION_HELP},
    {NULL, "F1", ACTION_HELP},
    {NULL, "q", ACTION_QUIT},
    {NULL, "Q", ACTION_QUIT_ALL},
    {NULL, "Ctrl-C", ACTION_STOP},
    {NULL, "Esc", ACTION_CANCEL},
    {NULL, "Ctrl-Z", ACTION_SUSPEND},
};
#define BINDINGS (sizeof bindings / sizeof *bindings)

#define ACTION(symbol, group, name, hint, words) [ACTION_##symbol] = {(name), (hint), (words), ACTION_GROUP_##group},
static const struct action_words actions[ACTION_COUNT] = {ACTIONS(ACTION)};
#undef ACTION

const struct action_words *action_words(enum action action)
{
    return &actions[action];
}

const char *action_group_words(enum action_group group)
{
#define GROUP(symbol, words) [ACTION_GROUP_##symbol] = (words),
    static const char *const words[] = {ACTION_GROUPS(GROUP)};
#undef GROUP
    return words[group];
}

enum action action_named(const char *name)
{
    for (int i = ACTION_NONE + 1; i < ACTION_COUNT; i++)
        if (strcmp(actions[i].name, name) == 0)
            return (enum action)i;
    return ACTION_NONE;
}

const struct binding *keymap_at(size_t index)
{
    return index < BINDINGS ? &bindings[index] : NULL;
}

static bool holds_in(const struct binding *binding, const char *view)
{
    return !binding->view || (view && strcmp(binding->view, view) == 0);
}

static void keys_of(const struct binding *binding, int *first, int *second)
{
    const char *at = binding->keys;
    *first = key_parse(&at);
    *second = key_parse(&at);
}

enum action keymap_find(const char *view, int first, int second)
{
    for (size_t i = 0; i < BINDINGS; i++) {
        int one, two;
        keys_of(&bindings[i], &one, &two);
        if (one == first && two == second && holds_in(&bindings[i], view))
            return bindings[i].action;
    }
    return ACTION_NONE;
}

bool keymap_is_prefix(const char *view, int first)
{
    for (size_t i = 0; i < BINDINGS; i++) {
        int one, two;
        keys_of(&bindings[i], &one, &two);
        if (one == first && two != K_NONE && holds_in(&bindings[i], view))
            return true;
    }
    return false;
}

const char *keymap_keys(const char *view, enum action action)
{
    for (size_t i = 0; i < BINDINGS; i++)
        if (bindings[i].action == action && holds_in(&bindings[i], view))
            return bindings[i].keys;
    return NULL;
}

void keymap_print(FILE *out)
{
    for (size_t i = 0; i < BINDINGS; i++) {
        const struct action_words *words = action_words(bindings[i].action);
        fprintf(out, "%s\t%s\t%s\t%s\t%s\n", bindings[i].view ? bindings[i].view : "all",
                action_group_words(words->group), bindings[i].keys, words->name, words->help);
    }
}
