/* The picture: which part stands where, and what lies over it. */
#include "app.h"

#define SETTLE_MAX 50 /* pictures, each of which asks for more */

/* How many rows a view wants around its list: asked by having it make them. */
static int own_rows(struct app *app, void (*lines_of)(struct view *, int, struct lines *), int width)
{
    struct lines lines = {0};
    if (!lines_of)
        return 0;
    lines_of(app->view, width, &lines);
    int count = (int)lines.count;
    lines_free(&lines);
    return count;
}

/* Columns are placed before a view is asked for lines around its list: they may depend on where columns stand. */
static void fit_columns(struct app *app)
{
    const struct layout_wants wants = {.pane = app->pane, .header = true, .detail = app->view->ops->detail_rows};
    struct layout layout;
    layout_make(app->screen.rows, app->screen.cols, &wants, &layout);
    app->view->table.time_width = tui_time_width(&app->tui);
    table_fit(&app->view->table, layout.list.cols + app->view->table.left);
}

/* How wide the cells of the rows are that are to be seen. */
static void measure_cells(struct app *app)
{
    struct view *view = app->view;
    struct table *table = &view->table;
    struct styled cell = {0};
    if (!table_shares(table))
        return;
    for (int i = 0; i < app->layout.list.rows && table->top + (size_t)i < table->rows; i++) {
        for (size_t column = 0; column < table->columns_count; column++) {
            if (!table->columns[column].grow || table->slots[column].width == 0)
                continue;
            styled_clear(&cell);
            view->ops->cell(view, table->top + (size_t)i, column, table->slots[column].width, &cell);
            table_want(table, column, screen_width(&app->screen, buffer_text(&cell.text)));
        }
    }
    styled_free(&cell);
}

static void place(struct app *app)
{
    struct view *view = app->view;
    struct layout_wants wants = {.pane = view->ops->only_detail ? LAYOUT_DETAIL : app->pane,
                                 .header = !view->ops->no_header,
                                 .detail = view->ops->detail_rows,
                                 .list = (int)(view->table.rows < 1000 ? view->table.rows : 1000)};
    fit_columns(app);
    wants.above = own_rows(app, view->ops->above, app->screen.cols);
    wants.below = own_rows(app, view->ops->below, app->screen.cols);
    if (view->table.rows == 0 && wants.pane == LAYOUT_DETAIL)
        wants.pane = LAYOUT_LIST;
    layout_make(app->screen.rows, app->screen.cols, &wants, &app->layout);
    if (wants.pane != LAYOUT_DETAIL)
        table_clamp(&view->table, view->table.rows, app->layout.list.rows);
    measure_cells(app);
    table_fit(&view->table, app->layout.list.cols + view->table.left);
}

static void draw_tiny(struct app *app)
{
    screen_text(&app->screen, 0, 0, app->screen.cols, "20x4 or more", ROLE_WARN);
}

void app_draw(struct app *app)
{
    screen_clear(&app->screen);
    place(app);
    if (app->layout.tiny) {
        draw_tiny(app);
        return;
    }
    draw_tabs(app, app->layout.tabs);
    if (app->layout.crumb >= 0 && !app->help)
        draw_crumb(app, app->layout.crumb);
    if (app->help) {
        draw_help(app);
    } else {
        if (app->layout.list.rows > 0)
            draw_list(app);
        draw_detail(app);
    }
    draw_status(app, app->layout.status);
    if (app->layout.hints >= 0 && !app->help)
        draw_hints(app, app->layout.hints);
    if (app->menu.kind)
        menu_draw(&app->menu, &app->screen);
    if (app->prompt.kind)
        prompt_draw(&app->prompt, &app->screen, app->layout.hints >= 0 ? app->layout.hints : app->layout.status);
}

void app_settle(struct app *app)
{
    struct worker_status status;
    for (int i = 0; i < SETTLE_MAX && app->tui.worker && (i == 0 || worker_status(app->tui.worker, &status)); i++) {
        worker_wait(app->tui.worker, -1);
        app_collected(app);
        app_draw(app);
    }
}
