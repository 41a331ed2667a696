/* What `:` understands: the name of every action, and some words of its own. */
#include "app.h"
#include "filter/filter.h"
#include "keymap.h"
#include "suggest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct word {
    const char *name;
    void (*run)(struct app *app, const char *argument); /* "" without one */
};

static void run_save_screen(struct app *app, const char *argument)
{
    bool map = strncmp(argument, "-a ", 3) == 0;
    const char *path = map ? argument + 3 + strspn(argument + 3, " ") : argument;
    FILE *out = *path ? fopen(path, "we") : NULL;
    if (!out) {
        tui_say(&app->tui, ROLE_ERROR, "save-screen [-a] FILE: %s", *path ? strerror(errno) : "no name");
        return;
    }
    app_draw(app);
    if (map)
        screen_save_map(&app->screen, out);
    else
        screen_save_text(&app->screen, out);
    if (fclose(out) != 0)
        tui_say(&app->tui, ROLE_ERROR, "%s: could not all be written", path);
}

static void run_view(struct app *app, const char *argument)
{
    if (views_named(argument))
        app_show(app, views_named(argument), NULL);
    else
        tui_say(&app->tui, ROLE_ERROR, "there is no view \"%s\"", argument);
}

/* :map j: what a key does here; :map: the help. */
static void run_map(struct app *app, const char *argument)
{
    const char *at = argument;
    int first = key_parse(&at), second = key_parse(&at);
    if (first == K_NONE) {
        app_act(app, ACTION_HELP, NULL);
        return;
    }
    enum action action = keymap_find(app->view->ops->name, first, second);
    if (action == ACTION_NONE)
        tui_say(&app->tui, ROLE_DIM, "%s: nothing", argument);
    else
        tui_say(&app->tui, ROLE_NORMAL, "%s: %s (%s)", argument, action_words(action)->name,
                action_words(action)->help);
}

static void run_write(struct app *app, const char *argument)
{
    app_act(app, ACTION_EXPORT, *argument ? argument : NULL);
}

static bool set_time(struct app *app, const char *name)
{
    for (int i = 0; i < TUI_TIMES_COUNT; i++) {
        if (strcmp(tui_time_name((enum tui_time)i), name) == 0) {
            app->tui.time = (enum tui_time)i;
            return true;
        }
    }
    return false;
}

static void run_set(struct app *app, const char *argument)
{
    char name[32] = "", value[32] = "";
    sscanf(argument, "%31[^= ] %*[=] %31s", name, value);
    if (strcmp(name, "time") == 0 && set_time(app, value))
        return;
    if (strcmp(name, "ascii") == 0 || strcmp(name, "noascii") == 0)
        app->tui.ascii = app->screen.ascii = *name == 'a';
    else
        tui_say(&app->tui, ROLE_ERROR, ":set time=rel|abs|delta|unix, ascii, noascii");
}

/* :sql STATEMENT asks; :sql alone shows what the filter became, if there is one. */
static void run_sql(struct app *app, const char *argument)
{
    const struct view *view = app->view;
    struct filter_error error;
    struct filter *filter =
        !*argument && view->where && view->ops->list ? filter_parse(view->where, view->ops->list, &error) : NULL;
    if (!filter) {
        app_act(app, ACTION_SQL, *argument ? argument : NULL);
        return;
    }
    struct buffer values = {0};
    for (size_t i = 0; i < filter_values(filter); i++)
        buffer_format(&values, "%s?%zu = %s", i ? ", " : "  with ", i + 1, filter_value(filter, i));
    tui_say(&app->tui, ROLE_NORMAL, "WHERE %s%s", filter_sql(filter), buffer_text(&values));
    buffer_free(&values);
    filter_free(filter);
}

static void run_filters(struct app *app, const char *argument)
{
    (void)argument;
    pick_saved(app);
}

static const struct word words[] = {
    {"save-screen", run_save_screen},
    {"view", run_view},
    {"map", run_map},
    {"write", run_write},
    {"export", run_write},
    {"set", run_set},
    {"sql", run_sql},
    {"filters", run_filters},
};
#define WORDS (sizeof words / sizeof *words)

const char *app_command_name(size_t index)
{
    if (index < WORDS)
        return words[index].name;
    index -= WORDS;
    return index + 1 < ACTION_COUNT ? action_words((enum action)(index + 1))->name : NULL;
}

static void say_unknown(struct app *app, const char *name)
{
    struct suggestion near;
    suggest_begin(&near, name);
    for (size_t i = 0; app_command_name(i); i++)
        suggest_offer(&near, app_command_name(i));
    if (near.best)
        tui_say(&app->tui, ROLE_ERROR, "no command is called \"%s\"; did you mean \"%s\"?", name, near.best);
    else
        tui_say(&app->tui, ROLE_ERROR, "no command is called \"%s\" (? lists them)", name);
}

void app_command(struct app *app, const char *line)
{
    char name[64] = "";
    line += strspn(line, " ");
    size_t length = strcspn(line, " ");
    snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), line);
    const char *argument = line + length + strspn(line + length, " ");
    if (!*name)
        return;
    if (*name == '#') { /* :#31 */
        app_act(app, ACTION_GO, line);
        return;
    }
    for (size_t i = 0; i < WORDS; i++) {
        if (strcmp(words[i].name, name) == 0) {
            words[i].run(app, argument);
            return;
        }
    }
    enum action action = action_named(name);
    if (action != ACTION_NONE)
        app_act(app, action, *argument ? argument : NULL);
    else
        say_unknown(app, name);
}
