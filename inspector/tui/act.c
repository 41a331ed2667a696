/* What actions do in every view, where the view itself does not answer them. */
#include "act.h"
#include "terminal.h"

/* ---- the terminal and the trace ---- */

static void redraw(struct app *app, const char *argument)
{
    (void)argument;
    app->redraw_all = true;
}

static void mouse(struct app *app, const char *argument)
{
    (void)argument;
    app->no_mouse = !app->no_mouse;
    if (app->has_terminal)
        terminal_mouse(!app->no_mouse);
    tui_say(&app->tui, ROLE_DIM,
            app->no_mouse ? "the mouse is the terminal's: select text with it" : "the mouse is ours again");
}

static void suspend(struct app *app, const char *argument)
{
    (void)argument;
    if (app->has_terminal)
        terminal_suspend(&app->screen);
}

static void follow(struct app *app, const char *argument)
{
    (void)argument;
    app->tui.follow = !app->tui.follow;
    app->tui.paused = false;
    if (app->tui.follow && app->tui.snapshot->run.ending != MODEL_LIVE)
        tui_say(&app->tui, ROLE_DIM, "the program has ended: nothing more will come");
}

/* ---- leaving ---- */

static void quit(struct app *app, const char *argument)
{
    (void)argument;
    if (app->pane != LAYOUT_BOTH && !app->view->ops->only_detail) {
        app->pane = LAYOUT_BOTH;
        app->on_detail = false;
    } else if (app->on_detail && !app->view->ops->only_detail) {
        app->on_detail = false;
    } else if (app->view->ops != app->home && app->history.back_count) {
        app_back(app);
    } else {
        app->quit = true;
    }
}

static void quit_all(struct app *app, const char *argument)
{
    (void)argument;
    app->quit = true;
}

static void stop(struct app *app, const char *argument)
{
    struct worker_status status;
    if (app->tui.worker && worker_status(app->tui.worker, &status)) {
        worker_cancel_all(app->tui.worker);
        tui_say(&app->tui, ROLE_DIM, "stopped");
    } else {
        quit_all(app, argument);
    }
}

static void cancel(struct app *app, const char *argument)
{
    (void)argument;
    seek_set(&app->search, NULL);
    app->on_detail = app->on_detail && app->pane == LAYOUT_DETAIL;
}

static void command(struct app *app, const char *argument)
{
    (void)argument;
    app_prompt(app, PROMPT_COMMAND, "");
}

static void sql(struct app *app, const char *argument)
{
    app_effect(app, (struct effect){EFFECT_OPEN, "sql", {.sql = argument}});
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_COMMAND] = command, [ACTION_SQL] = sql,         [ACTION_FOLLOW] = follow,     [ACTION_REDRAW] = redraw,
    [ACTION_MOUSE] = mouse,     [ACTION_QUIT] = quit,       [ACTION_QUIT_ALL] = quit_all, [ACTION_STOP] = stop,
    [ACTION_CANCEL] = cancel,   [ACTION_SUSPEND] = suspend,
};

static act_handler *handler_of(enum action action)
{
    static act_handler *(*const topics[])(enum action) = {act_move, act_relation, act_find, act_row, act_pick};
    act_handler *found = handlers[action];
    for (size_t i = 0; i < sizeof topics / sizeof *topics && !found; i++)
        found = topics[i](action);
    return found;
}

/* With the help open only these do not close it. */
static bool is_for_help(enum action action)
{
    bool moves = action_words(action)->group == ACTION_GROUP_MOVE && action <= ACTION_LAST;
    return moves || action == ACTION_SEARCH || action == ACTION_SEARCH_NEXT;
}

void app_act(struct app *app, enum action action, const char *argument)
{
    if (app->help && !is_for_help(action)) {
        app->help = false;
        if (action == ACTION_HELP || action == ACTION_QUIT || action == ACTION_CANCEL)
            return;
    }
    struct effect effect = {0};
    app->acting = action;
    if (app->view->ops->act && !app->help)
        effect = app->view->ops->act(app->view, action, argument);
    if (effect.kind != EFFECT_NONE)
        app_effect(app, effect);
    else if (handler_of(action))
        handler_of(action)(app, argument);
    else
        tui_say(&app->tui, ROLE_DIM, "%s means nothing here", action_words(action)->name);
}
