/* From view to view, and back. */
#include "app.h"
#include "subject.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>

static void leave_panes(struct app *app)
{
    app->on_detail = false;
    app->pane = LAYOUT_BOTH;
    app->detail_top = 0;
}

/* The view, opened if it was not yet; NULL: it could not be. */
static struct view *opened(struct app *app, const struct view_ops *ops)
{
    struct view **place = ops->digit ? &app->views[ops->digit] : &app->subject;
    if (!*place)
        *place = view_open(ops, &app->tui);
    return *place;
}

static void say_wrong(struct app *app, const struct view *view)
{
    tui_say(&app->tui, ROLE_ERROR, "%s", view->wrong.text);
}

/* Makes `ops` the view that is shown. False: it stays as it was. */
static bool enter(struct app *app, const struct view_ops *ops, const struct view_args *args)
{
    bool is_new = ops->digit && !app->views[ops->digit];
    struct view *view = opened(app, ops);
    if (!view)
        return false;
    const struct view_args none = {0};
    bool goes = args || is_new;
    if (goes && !view_go(view, args ? args : &none)) {
        say_wrong(app, view);
        return false;
    }
    app->view = view;
    leave_panes(app);
    return true;
}

void app_show(struct app *app, const struct view_ops *ops, const struct view_args *args)
{
    struct view *from = app->view;
    if (from && (from->ops != ops || args))
        history_leave(&app->history, from);
    if (!enter(app, ops, args) && from && (from->ops != ops || args))
        history_stay(&app->history);
}

/* Where a ref is shown best: here, if it is among the rows; else by itself. */
static void open_ref(struct app *app, const struct view_args *args)
{
    struct view *view = app->view;
    history_leave(&app->history, view); /* before the row is looked for, which may unfold what is above it */
    size_t row = view->ops->only_detail ? view->table.rows : view_find(view, args->ref);
    if (row >= view->table.rows || row == view->table.cursor) {
        history_stay(&app->history);
        app_show(app, &view_subject, args);
        return;
    }
    table_go(&view->table, row);
}

void app_effect(struct app *app, struct effect effect)
{
    switch (effect.kind) {
    case EFFECT_NONE:
    case EFFECT_HANDLED:
    case EFFECT_REDRAW:
        break;
    case EFFECT_RELOAD:
        app_reload(app);
        break;
    case EFFECT_QUIT:
        app->quit = true;
        break;
    case EFFECT_PICK:
        pick_target(app);
        break;
    case EFFECT_OPEN:
        if (!effect.view)
            open_ref(app, &effect.args);
        else if (views_named(effect.view))
            app_show(app, views_named(effect.view), &effect.args);
        else
            tui_say(&app->tui, ROLE_WARN, "there is no view \"%s\"", effect.view);
        break;
    }
}

/* ---- history ---- */

static void go_to(struct app *app, const struct history_place *place)
{
    struct view *view = opened(app, place->ops);
    if (!view)
        return;
    view->table.sort = place->sort;
    view->table.descending = place->descending;
    const struct view_args args = {.ref = place->ref, .where = place->where ? place->where : ""};
    if (!view_go(view, &args))
        say_wrong(app, view);
    if (place->folds)
        view->ops->refold(view, place->folds);
    size_t row = view_find_key(view, place->key);
    table_go(&view->table, row < view->table.rows ? row : place->row);
    if (place->row == view->table.cursor)
        view->table.top = place->top;
    table_clamp(&view->table, view->table.rows, view->table.height);
    app->view = view;
    leave_panes(app);
}

static void travel(struct app *app, bool forward)
{
    struct history_place place;
    if (!history_go(&app->history, forward, app->view, &place)) {
        tui_say(&app->tui, ROLE_DIM, forward ? "nothing is ahead" : "nothing is behind");
        return;
    }
    go_to(app, &place);
    history_place_free(&place);
}

void app_back(struct app *app)
{
    travel(app, false);
}

void app_forward(struct app *app)
{
    travel(app, true);
}

/* ---- another snapshot ---- */

void app_reload(struct app *app)
{
    subject_forget(&app->tui);
    for (size_t i = 0; i < APP_VIEWS; i++)
        if (app->views[i])
            view_reload(app->views[i]);
    if (app->subject)
        view_reload(app->subject);
}
