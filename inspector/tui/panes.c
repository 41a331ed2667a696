/* The list and the detail. */
#include "app.h"
#include "detail.h"
#include "seek.h"

#include <string.h>

/* ---- the list ---- */

static void draw_header(struct app *app)
{
    const struct table *table = &app->view->table;
    const struct rect *list = &app->layout.list;
    struct styled heading = {0};
    for (size_t i = 0; i < table->columns_count; i++) {
        const struct table_slot *slot = &table->slots[i];
        if (slot->width == 0)
            continue;
        styled_clear(&heading);
        table_heading(table, i, app->screen.ascii, &heading);
        table_draw(table, i, &heading, &app->screen, app->layout.header, list->col, list->cols);
    }
    styled_free(&heading);
}

static void draw_prefix(struct app *app, const struct view_row *row, int at, bool current)
{
    const struct rect *list = &app->layout.list;
    char mark[2] = {row->mark, '\0'};
    if (current)
        screen_glyph(&app->screen, at, list->col, GLYPH_CURSOR, ROLE_STRONG);
    if (row->mark)
        screen_text(&app->screen, at, list->col + 1, 1, mark, row->mark_role);
    if (table_tagged(&app->view->table, row->key))
        screen_text(&app->screen, at, list->col + 2, 1, "*", ROLE_ACCENT);
}

static void draw_row(struct app *app, size_t index, int at)
{
    struct view *view = app->view;
    const struct rect *list = &app->layout.list;
    struct styled cell = {0};
    struct view_row row = {0};
    bool current = index == view->table.cursor;
    view->ops->row(view, index, &row);
    for (size_t i = 0; i < view->table.columns_count; i++) {
        const struct table_slot *slot = &view->table.slots[i];
        if (slot->width == 0)
            continue;
        styled_clear(&cell);
        view->ops->cell(view, index, i, slot->width, &cell);
        if (row.role != ROLE_NORMAL)
            styled_recolour(&cell, row.role);
        table_draw(&view->table, i, &cell, &app->screen, at, list->col, list->cols);
    }
    draw_prefix(app, &row, at, current);
    styled_free(&cell);
    if (current)
        screen_overlay(&app->screen, at, list->col, list->cols, OVERLAY_SEL);
    seek_mark(&app->search, &app->screen, at, list->col, list->cols);
}

static void draw_own_lines(struct app *app, void (*lines_of)(struct view *, int, struct lines *),
                           const struct rect *box)
{
    struct lines lines = {0};
    if (!lines_of || box->rows == 0)
        return;
    lines_of(app->view, box->cols, &lines);
    lines_draw(&lines, &app->screen, box->row, box->col, box->rows, box->cols, 0);
    lines_free(&lines);
}

static void draw_empty(struct app *app)
{
    const struct layout *layout = &app->layout;
    struct rect box = {layout->list.row, 0, app->screen.rows - layout->list.row, app->screen.cols};
    if (layout->status >= 0)
        box.rows = layout->status - box.row;
    draw_own_lines(app, app->view->ops->empty, &box);
}

/* Why there are no rows. */
static void draw_nothing(struct app *app)
{
    const struct view *view = app->view;
    const struct rect *list = &app->layout.list;
    struct styled line = {0};
    struct worker_status status;
    if (app->tui.worker && worker_status(app->tui.worker, &status))
        styled_format(&line, ROLE_DIM, "%s ...", status.what);
    else if (view->where)
        styled_format(&line, ROLE_WARN, "nothing matches: %s", view->where);
    else
        styled_add(&line, ROLE_DIM, "nothing");
    styled_draw(&line, &app->screen, list->row, list->col + TABLE_PREFIX, list->cols - TABLE_PREFIX, 0, ALIGN_LEFT);
    styled_clear(&line);
    if (*view->doubt)
        styled_format(&line, ROLE_ACCENT, "%s    ", view->doubt);
    if (view->where)
        styled_add(&line, ROLE_DIM, "X clears the filter");
    if (list->rows > 1)
        styled_draw(&line, &app->screen, list->row + 1, list->col + TABLE_PREFIX, list->cols - TABLE_PREFIX, 0,
                    ALIGN_LEFT);
    styled_free(&line);
}

void draw_list(struct app *app)
{
    struct view *view = app->view;
    const struct rect *list = &app->layout.list;
    draw_own_lines(app, view->ops->above, &app->layout.above);
    if (view->table.rows == 0 && view->ops->empty && !view->where) {
        draw_empty(app);
        return;
    }
    if (app->layout.header >= 0)
        draw_header(app);
    for (int i = 0; i < list->rows && view->table.top + (size_t)i < view->table.rows; i++)
        draw_row(app, view->table.top + (size_t)i, list->row + i);
    if (view->table.rows == 0 && list->rows > 0)
        draw_nothing(app);
    draw_own_lines(app, view->ops->below, &app->layout.below);
}

/* ---- the detail ---- */

void app_detail(struct app *app, const struct view_row *row, enum detail_tab tab, struct detail *out)
{
    struct view *view = app->view;
    if (view->ops->detail)
        view->ops->detail(view, view->table.cursor, tab, out);
    else if (row->ref.kind != MODEL_NONE)
        detail_subject(&app->tui, row->ref, tab, out);
}

/* Of a part of the detail in which there is nothing. */
static const char *nothing_words(enum detail_tab tab)
{
    switch (tab) {
    case DETAIL_STACK:
        return " no stack is known of its creation (LEASH_OPTIONS=stacks=1 records them)";
    case DETAIL_CHAIN:
        return " it waits for nothing";
    default:
        return " nothing is known of this";
    }
}

static const char *tab_words(enum detail_tab tab)
{
#define TAB(symbol, words) [DETAIL_##symbol] = (words),
    static const char *const words[] = {DETAIL_TABS(TAB)};
#undef TAB
    return words[tab];
}

static void draw_rule(struct app *app, const struct detail *detail)
{
    const struct layout *layout = &app->layout;
    const struct rect *box = &layout->detail;
    struct screen *screen = &app->screen;
    struct styled title = {0};
    enum detail_tab tab = app->source_on ? DETAIL_SOURCE : app->view->tab;
    screen_rule(screen, layout->rule, box->col, box->cols, GLYPH_RULE, app->on_detail ? ROLE_ACCENT : ROLE_DIM);
    styled_format(&title, app->on_detail ? ROLE_ACCENT : ROLE_STRONG, " %s ", buffer_text(&detail->title));
    if (tab != DETAIL_MAIN)
        styled_format(&title, ROLE_ACCENT, " [%s] ", tab_words(tab));
    const char *hints = app->detail_rows > box->rows ? " Tab, j: more  D:next tab  v:source  K:stack "
                                                     : " D:next tab  v:source  K:stack ";
    int width = (int)styled_length(&title), room = box->cols - 4, left = (int)strlen(hints);
    styled_draw(&title, screen, layout->rule, box->col + 2, width < room ? width : room, 0, ALIGN_LEFT);
    if (width + left + 2 <= room)
        screen_text(screen, layout->rule, box->col + box->cols - left - 1, left, hints, ROLE_DIM);
    styled_free(&title);
}

static void draw_wall(struct app *app)
{
    for (int row = app->layout.rule; row < app->layout.status; row++)
        screen_glyph(&app->screen, row, app->layout.wall, GLYPH_WALL, ROLE_DIM);
}

void draw_detail(struct app *app)
{
    const struct rect *box = &app->layout.detail;
    struct detail detail = {0};
    struct view_row row;
    if (app->layout.rule < 0 || !view_current(app->view, &row))
        return;
    if (row.key != app->detail_key)
        app->detail_top = 0;
    app->detail_key = row.key;
    enum detail_tab tab = app->source_on ? DETAIL_SOURCE : app->view->tab;
    app_detail(app, &row, tab, &detail);
    if (detail.lines.count == 0)
        styled_add(lines_add(&detail.lines), ROLE_DIM, nothing_words(tab));
    if (app->detail_top > 0 && app->detail_top > app->detail_rows - box->rows)
        app->detail_top = app->detail_rows > box->rows ? app->detail_rows - box->rows : 0;
    app->detail_rows =
        lines_draw(&detail.lines, &app->screen, box->row, box->col, box->rows, box->cols, app->detail_top);
    draw_rule(app, &detail);
    if (app->layout.wall >= 0)
        draw_wall(app);
    for (int i = 0; app->on_detail && i < box->rows; i++)
        seek_mark(&app->search, &app->screen, box->row + i, box->col, box->cols);
    buffer_free(&detail.title);
    lines_free(&detail.lines);
}
