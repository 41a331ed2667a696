#include "app.h"
#include "keymap.h"
#include "subject.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int app_open(struct app *app, const struct app_options *options)
{
    const char *name = options->view ? options->view : "leaks";
    const struct view_ops *ops = views_named(name);
    app->tui = (struct tui){.trace = options->trace,
                            .snapshot = options->snapshot,
                            .verdict = options->verdict,
                            .policy = options->policy,
                            .source = options->source,
                            .ascii = app->screen.ascii,
                            .at_ns = MODEL_NEVER,
                            .follow = options->follow,
                            .time = options->time,
                            .no_clock = options->no_clock};
    app->accepting.suppressions = options->suppressions ? options->suppressions : ".leash.supp";
    app->accepting.baseline = options->baseline;
    app->accepting.list = options->list;
    if (!ops) {
        tui_say(&app->tui, ROLE_ERROR, "there is no view \"%s\"", name);
        return -EINVAL;
    }
    app->home = ops;
    app_show(app, ops, &(struct view_args){.where = options->where, .sort = options->sort});
    if (!app->view)
        return -EINVAL;
    app->tui.message[0] = '\0';
    return 0;
}

void app_close(struct app *app)
{
    worker_stop(app->tui.worker);
    app->tui.worker = NULL;
    subject_forget(&app->tui);
    for (size_t i = 0; i < APP_VIEWS; i++)
        view_close(app->views[i]);
    view_close(app->subject);
    history_free(&app->history);
    prompt_free(&app->prompt);
    menu_end(&app->menu);
    seek_set(&app->search, NULL);
}

/* ---- the mouse ---- */

static bool is_in(const struct rect *rect, const struct key_event *event)
{
    return event->row >= rect->row && event->row < rect->row + rect->rows && event->col >= rect->col &&
           event->col < rect->col + rect->cols;
}

static void press_tab(struct app *app, int col)
{
    for (int digit = 0; digit < APP_VIEWS; digit++)
        if (app->tabs[digit].to && col >= app->tabs[digit].from && col < app->tabs[digit].to)
            app_show(app, views_digit(digit), NULL);
}

static void press_header(struct app *app, int col)
{
    struct table *table = &app->view->table;
    for (size_t i = 0; i < table->columns_count; i++) {
        int x = table->slots[i].x + app->layout.list.col - table->left;
        if (table->slots[i].width == 0 || col < x || col >= x + table->slots[i].width || !table->columns[i].sortable)
            continue;
        table->descending = table->sort == (int)i && !table->descending;
        table->sort = (int)i;
        view_reload(app->view);
    }
}

static void press_list(struct app *app, const struct key_event *event)
{
    struct table *table = &app->view->table;
    size_t row = table->top + (size_t)(event->row - app->layout.list.row);
    app->on_detail = false;
    if (row >= table->rows)
        return;
    table_move(table, (int64_t)row - (int64_t)table->cursor);
    if (event->key == K_DOUBLE)
        app_act(app, ACTION_OPEN, NULL);
}

static void press(struct app *app, const struct key_event *event)
{
    if (app->menu.kind) {
        if (menu_press(&app->menu, event->row, event->col) == MENU_CHOSEN)
            app_pick_key(app, K_ENTER);
        else
            app_pick_key(app, K_ESCAPE);
    } else if (event->row == app->layout.tabs) {
        press_tab(app, event->col);
    } else if (event->row == app->layout.header && event->col < app->layout.list.col + app->layout.list.cols) {
        press_header(app, event->col);
    } else if (event->row == app->layout.crumb && app->view->where && event->col >= app->screen.cols - 4) {
        app_act(app, ACTION_CLEAR, NULL);
    } else if (is_in(&app->layout.list, event)) {
        press_list(app, event);
    } else if (is_in(&app->layout.detail, event)) {
        app->on_detail = true;
    }
}

static void wheel(struct app *app, const struct key_event *event, int by)
{
    if (app->help)
        app->help_top = by > 0 ? app->help_top + 1 : app->help_top > 0 ? app->help_top - 1 : 0;
    else if (is_in(&app->layout.detail, event))
        app->detail_top = app->detail_top + by > 0 ? app->detail_top + by : 0;
    else
        table_scroll(&app->view->table, by);
}

/* True: it was one of the mouse. */
static bool mouse(struct app *app, const struct key_event *event)
{
    struct view *view = app->view;
    if (event->key < K_PRESS || event->key > K_WHEEL_DOWN)
        return false;
    if (view->ops->mouse && !app->menu.kind && !app->help) {
        struct effect effect = view->ops->mouse(view, event);
        if (effect.kind != EFFECT_NONE) {
            app_effect(app, effect);
            return true;
        }
    }
    if (event->key == K_PRESS || event->key == K_DOUBLE)
        press(app, event);
    else if (event->key == K_WHEEL_UP || event->key == K_WHEEL_DOWN)
        wheel(app, event, event->key == K_WHEEL_UP ? -3 : 3);
    return true;
}

/* ---- keys ---- */

/* A key that other views have, or none. */
static void say_unbound(struct app *app, int first, int second)
{
    char keys[2 * KEY_NAME], one[KEY_NAME], two[KEY_NAME] = "";
    snprintf(keys, sizeof keys, "%s%s", key_text(first, one), second == K_NONE ? "" : key_text(second, two));
    for (size_t i = 0; views_at(i); i++) {
        enum action action = keymap_find(views_at(i)->name, first, second);
        if (action != ACTION_NONE) {
            tui_say(&app->tui, ROLE_DIM, "%s means something in %s only: %s", keys, views_at(i)->title,
                    action_words(action)->help);
            return;
        }
    }
    tui_say(&app->tui, ROLE_DIM, "%s means nothing (? lists the keys)", keys);
}

static void plain_key(struct app *app, int key)
{
    const char *view = app->view->ops->name;
    int first = app->prefix ? app->prefix : key, second = app->prefix ? key : K_NONE;
    if (app->view->ops->key && !app->prefix) {
        struct effect effect = app->view->ops->key(app->view, key);
        if (effect.kind != EFFECT_NONE) {
            app_effect(app, effect);
            return;
        }
    }
    app->prefix = K_NONE;
    enum action action = keymap_find(view, first, second);
    if (second == K_NONE && keymap_is_prefix(view, first)) /* also where it means something in other views */
        app->prefix = first;
    else if (action != ACTION_NONE)
        app_act(app, action, NULL);
    else
        say_unbound(app, first, second);
}

void app_key(struct app *app, struct key_event event)
{
    if (event.key == K_NONE || event.key == K_RESIZE || event.key == K_CONTINUE || event.key == K_HANGUP) {
        app->quit = app->quit || event.key == K_HANGUP;
        app_draw(app);
        return;
    }
    app->tui.message[0] = '\0';
    app->again = ACTION_NONE;
    if (mouse(app, &event))
        app->prefix = K_NONE;
    else if (app->prompt.kind)
        app_line_key(app, event.key);
    else if (app->menu.kind)
        app_pick_key(app, event.key);
    else
        plain_key(app, event.key);
    app_draw(app);
}

void app_collected(struct app *app)
{
    enum action again = app->again;
    app->again = ACTION_NONE;
    app->tui.redraw = false;
    if (again != ACTION_NONE)
        app_act(app, again, NULL);
}
