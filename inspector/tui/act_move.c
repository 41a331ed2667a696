#include "act.h"

#include <stdint.h>

/* ---- moving: in the list, or in the detail where that has the keys ---- */

static bool moves_detail(const struct app *app)
{
    return app->on_detail || app->view->ops->only_detail || app->layout.list.rows == 0;
}

static void move(struct app *app, int64_t by)
{
    if (app->help) {
        app->help_top = by > 0 ? app->help_top + 1 : app->help_top > 0 ? app->help_top - 1 : 0;
    } else if (!moves_detail(app)) {
        app->tui.paused = by < 0 || (app->tui.paused && by != INT32_MAX);
        table_move(&app->view->table, by);
    } else {
        int64_t most = app->detail_rows > app->layout.detail.rows ? app->detail_rows - app->layout.detail.rows : 0;
        int64_t top = app->detail_top + by;
        app->detail_top = (int)(top < 0 ? 0 : top > most ? most : top);
    }
}

static int64_t page(const struct app *app)
{
    int rows = moves_detail(app) || app->help ? app->layout.detail.rows : app->layout.list.rows;
    return rows > 2 ? rows - 1 : 1;
}

#define MOVES(name, by)                                                                                                \
    static void name(struct app *app, const char *argument)                                                            \
    {                                                                                                                  \
        (void)argument;                                                                                                \
        move(app, (by));                                                                                               \
    }
MOVES(down, 1)
MOVES(up, -1)
MOVES(half_down, page(app) / 2 + 1)
MOVES(half_up, -page(app) / 2 - 1)
MOVES(page_down, page(app))
MOVES(page_up, -page(app))
MOVES(first, -INT32_MAX)
MOVES(last, INT32_MAX)

static void left(struct app *app, const char *argument)
{
    (void)argument;
    struct table *table = &app->view->table;
    table->left = table->left > 8 ? table->left - 8 : 0;
}

static void right(struct app *app, const char *argument)
{
    (void)argument;
    if (app->view->table.left < 400)
        app->view->table.left += 8;
}

/* ---- views and panes ---- */

static void view_digit(struct app *app, int digit)
{
    if (views_digit(digit))
        app_show(app, views_digit(digit), NULL);
    else
        tui_say(&app->tui, ROLE_DIM, "there is no view %d", digit);
}

#define VIEWS(name, digit)                                                                                             \
    static void name(struct app *app, const char *argument)                                                            \
    {                                                                                                                  \
        (void)argument;                                                                                                \
        view_digit(app, (digit));                                                                                      \
    }
VIEWS(view_1, 1)
VIEWS(view_2, 2)
VIEWS(view_3, 3)
VIEWS(view_4, 4)
VIEWS(view_5, 5)
VIEWS(view_6, 6)
VIEWS(view_7, 7)

static void back(struct app *app, const char *argument)
{
    (void)argument;
    app_back(app);
}

static void forward(struct app *app, const char *argument)
{
    (void)argument;
    app_forward(app);
}

static void focus(struct app *app, const char *argument)
{
    (void)argument;
    if (app->layout.detail.rows)
        app->on_detail = !app->on_detail;
    if (app->pane != LAYOUT_BOTH)
        app->pane = app->on_detail ? LAYOUT_DETAIL : LAYOUT_LIST;
}

static void full(struct app *app, const char *argument)
{
    (void)argument;
    app->pane = app->pane != LAYOUT_BOTH ? LAYOUT_BOTH : app->on_detail ? LAYOUT_DETAIL : LAYOUT_LIST;
}

static void show_tab(struct app *app, enum detail_tab tab)
{
    app->source_on = false;
    app->detail_top = 0;
    app->view->tab = tab;
}

static bool has_tab(struct app *app, enum detail_tab tab)
{
    struct view_row row;
    struct detail detail = {0};
    if (view_current(app->view, &row))
        app_detail(app, &row, tab, &detail);
    bool has = detail.lines.count > 0;
    buffer_free(&detail.title);
    lines_free(&detail.lines);
    return has;
}

/* The next one of which there is something to show. */
static void next_tab(struct app *app, const char *argument)
{
    enum detail_tab tab = app->view->tab;
    (void)argument;
    do
        tab = (tab + 1) % DETAIL_TAB_COUNT;
    while (tab != app->view->tab && tab != DETAIL_MAIN && !has_tab(app, tab));
    show_tab(app, tab);
}

static void stack(struct app *app, const char *argument)
{
    (void)argument;
    show_tab(app, app->view->tab == DETAIL_STACK ? DETAIL_MAIN : DETAIL_STACK);
}

static void source(struct app *app, const char *argument)
{
    (void)argument;
    app->source_on = !app->source_on;
    app->detail_top = 0;
}

static void help(struct app *app, const char *argument)
{
    (void)argument;
    app->help = !app->help;
    app->help_top = 0;
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_DOWN] = down,           [ACTION_UP] = up,
    [ACTION_HALF_DOWN] = half_down, [ACTION_HALF_UP] = half_up,
    [ACTION_PAGE_DOWN] = page_down, [ACTION_PAGE_UP] = page_up,
    [ACTION_FIRST] = first,         [ACTION_LAST] = last,
    [ACTION_LEFT] = left,           [ACTION_RIGHT] = right,
    [ACTION_FOCUS] = focus,         [ACTION_VIEW_1] = view_1,
    [ACTION_VIEW_2] = view_2,       [ACTION_VIEW_3] = view_3,
    [ACTION_VIEW_4] = view_4,       [ACTION_VIEW_5] = view_5,
    [ACTION_VIEW_6] = view_6,       [ACTION_VIEW_7] = view_7,
    [ACTION_BACK] = back,           [ACTION_FORWARD] = forward,
    [ACTION_FULL] = full,           [ACTION_SOURCE] = source,
    [ACTION_NEXT_TAB] = next_tab,   [ACTION_STACK] = stack,
    [ACTION_HELP] = help,
};

act_handler *act_move(enum action action)
{
    return handlers[action];
}
