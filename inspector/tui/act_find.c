#include "act.h"

static void ask_search(struct app *app, const char *argument)
{
    if (argument) {
        seek_set(&app->search, argument);
        app_act(app, ACTION_SEARCH_NEXT, NULL);
        return;
    }
    app->search.from = app->view->table.cursor;
    app_prompt(app, PROMPT_SEARCH, "");
}

static void search_on(struct app *app, bool forward)
{
    struct table *table = &app->view->table;
    bool more;
    if (app->help) {
        help_find(app, true);
        return;
    }
    if (!app->search.text) {
        tui_say(&app->tui, ROLE_DIM, "nothing was searched for yet (/)");
        return;
    }
    size_t row = seek_find(&app->search, app->view, forward ? table->cursor + 1 : table->cursor - 1, forward, &more);
    if (row >= table->rows) {
        tui_say(&app->tui, ROLE_WARN, "not found: %s", app->search.text);
        return;
    }
    if (more)
        tui_say(&app->tui, ROLE_DIM, "not found so far; again goes on");
    else if (forward ? row <= table->cursor : row >= table->cursor)
        tui_say(&app->tui, ROLE_DIM, "search went around the end");
    table_move(table, (int64_t)row - (int64_t)table->cursor);
}

static void search_next(struct app *app, const char *argument)
{
    (void)argument;
    search_on(app, true);
}

static void search_previous(struct app *app, const char *argument)
{
    (void)argument;
    search_on(app, false);
}

static void filter(struct app *app, const char *argument)
{
    const struct view_args args = {.where = argument};
    if (app->view->ops->no_filter)
        tui_say(&app->tui, ROLE_DIM, "nothing can be filtered here");
    else if (!argument)
        app_prompt(app, PROMPT_FILTER, app->view->where);
    else if (!view_go(app->view, &args))
        tui_say(&app->tui, ROLE_ERROR, "%s", app->view->wrong.text);
}

static void clear(struct app *app, const char *argument)
{
    (void)argument;
    seek_set(&app->search, NULL);
    if (app->view->where)
        view_go(app->view, &(struct view_args){.where = ""});
}

static void suppressed(struct app *app, const char *argument)
{
    (void)argument;
    app->tui.show_suppressed = !app->tui.show_suppressed;
    tui_say(&app->tui, ROLE_DIM,
            app->tui.show_suppressed ? "what is suppressed is shown, marked s" : "what is suppressed is hidden");
    app_reload(app);
}

/* ---- showing ---- */

static void invert(struct app *app, const char *argument)
{
    (void)argument;
    if (app->view->table.sort < 0)
        return;
    app->view->table.descending = !app->view->table.descending;
    view_reload(app->view);
}

static void time_form(struct app *app, const char *argument)
{
    (void)argument;
    app->tui.time = app->tui.time < TUI_TIME_DELTA ? app->tui.time + 1 : TUI_TIME_RELATIVE;
    tui_say(&app->tui, ROLE_DIM, "time: %s", tui_time_words(app->tui.time));
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_SEARCH] = ask_search,
    [ACTION_SEARCH_NEXT] = search_next,
    [ACTION_SEARCH_PREVIOUS] = search_previous,
    [ACTION_FILTER] = filter,
    [ACTION_CLEAR] = clear,
    [ACTION_SUPPRESSED] = suppressed,
    [ACTION_INVERT] = invert,
    [ACTION_TIME] = time_form,
};

act_handler *act_find(enum action action)
{
    return handlers[action];
}
