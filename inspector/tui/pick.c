/* Menus: what is in them, and what choosing does. */
#include "act.h"
#include "acceptance.h"
#include "alloc.h"
#include "clipboard.h"
#include "filter/filter.h"
#include "filter/saved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- sorting and columns ---- */

static void pick_sort(struct app *app, const char *argument)
{
    struct table *table = &app->view->table;
    if (argument) {
        view_go(app->view, &(struct view_args){.sort = argument});
        return;
    }
    menu_begin(&app->menu, MENU_SORT, " sort by ");
    for (size_t i = 0; i < table->columns_count; i++) {
        struct menu_item *item =
            table->columns[i].sortable ? menu_add(&app->menu, table->columns[i].name, (int64_t)i) : NULL;
        if (item && table->sort == (int)i) {
            item->checked = true;
            app->menu.at = app->menu.count - 1;
        }
    }
    if (app->menu.count)
        return;
    menu_end(&app->menu);
    tui_say(&app->tui, ROLE_DIM, "these rows have one order only");
}

/* Once more the same: the other way round. */
static void sort_by(struct app *app, int column)
{
    struct table *table = &app->view->table;
    table->descending = table->sort == column ? !table->descending : table->columns[column].align == ALIGN_RIGHT;
    table->sort = column;
    view_reload(app->view);
}

static void pick_columns(struct app *app, const char *argument)
{
    const struct table *table = &app->view->table;
    (void)argument;
    menu_begin(&app->menu, MENU_COLUMNS, " columns (Space) ");
    for (size_t i = 0; i < table->columns_count; i++) {
        struct menu_item *item = menu_add(&app->menu, table->columns[i].name, (int64_t)i);
        if (item)
            item->checked = !(table->hidden & (1u << i));
    }
}

static void toggle_column(struct app *app, struct menu_item *item)
{
    struct table *table = &app->view->table;
    uint32_t hidden = table->hidden ^ (1u << item->value), all = (uint32_t)((1ull << table->columns_count) - 1);
    if ((hidden & all) == all) {
        tui_say(&app->tui, ROLE_DIM, "one column has to stay");
        return;
    }
    table->hidden = hidden;
    item->checked = !item->checked;
}

/* ---- copying ---- */

/* The same of another row, below what is there. */
static bool add_to_copy(struct app *app, const char *what, const char *text)
{
    size_t length = strlen(what);
    for (size_t i = 0; i < app->menu.count; i++) {
        struct menu_item *item = &app->menu.items[i];
        char *both = NULL;
        if (strncmp(item->label, what, length) != 0 || item->label[length] != ' ')
            continue;
        bool ended = *item->text && item->text[strlen(item->text) - 1] == '\n';
        if (asprintf(&both, "%s%s%s", item->text, ended ? "" : "\n", text) < 0)
            return true;
        free(item->text);
        item->text = both;
        return true;
    }
    return false;
}

static void add_copy(struct app *app, const char *what, const char *text)
{
    char label[80];
    struct screen *screen = &app->screen;
    if (!text || !*text || add_to_copy(app, what, text))
        return;
    snprintf(label, sizeof label, "%-12s %.40s%s", what, text, screen_width(screen, text) > 40 ? " ..." : "");
    for (char *at = label; *at; at++)
        if (*at == '\n')
            *at = ' ';
    struct menu_item *item = menu_add(&app->menu, label, 0);
    if (item)
        item->text = xstrdup(text);
}

static void add_tab_copy(struct app *app, const char *what, const struct view_row *row, enum detail_tab tab)
{
    struct detail detail = {0};
    struct buffer text = {0};
    app_detail(app, row, tab, &detail);
    for (size_t i = 0; i < detail.lines.count; i++) {
        const char *line = buffer_text(&detail.lines.items[i].text);
        buffer_format(&text, "%s\n", line + (*line == ' ')); /* without the pane's margin */
    }
    add_copy(app, what, buffer_text(&text));
    buffer_free(&text);
    buffer_free(&detail.title);
    lines_free(&detail.lines);
}

/* All that can be copied of the row at the cursor. */
static void add_copies(struct app *app)
{
    struct view *view = app->view;
    struct view_row row;
    struct model_site at;
    struct view_copy own[VIEW_COPIES_MAX] = {0};
    char text[TUI_SITE_TEXT];
    if (!view_current(view, &row))
        return;
    if (row.ref.kind != MODEL_NONE)
        add_copy(app, "id", model_ref_text(row.ref, text));
    if (view_site(view, &at))
        add_copy(app, "site", tui_site_text(&app->tui, &at, text));
    size_t count = view->ops->copies ? view->ops->copies(view, view->table.cursor, own) : 0;
    for (size_t i = 0; i < count; i++)
        add_copy(app, own[i].what, buffer_text(&own[i].text));
    for (size_t i = 0; i < count; i++)
        buffer_free(&own[i].text);
    add_tab_copy(app, "stack", &row, DETAIL_STACK);
    add_tab_copy(app, "chain", &row, DETAIL_CHAIN);
    add_tab_copy(app, "detail", &row, DETAIL_MAIN);
    add_tab_copy(app, "json", &row, DETAIL_RAW);
}

/* Of the rows that are tagged, in the order in which they were; else of the one at the cursor. */
static void pick_copy(struct app *app, const char *argument)
{
    struct table *table = &app->view->table;
    size_t cursor = table->cursor;
    (void)argument;
    if (cursor >= table->rows)
        return;
    menu_begin(&app->menu, MENU_COPY, table->tags_count ? " copy of all tagged " : " copy ");
    for (size_t i = 0; i < table->tags_count; i++) {
        table->cursor = view_find_key(app->view, table->tags[i]);
        add_copies(app); /* nothing of one that the filter hides */
    }
    table->cursor = cursor;
    if (table->tags_count == 0)
        add_copies(app);
}

/* ---- only, or without, what stands in a cell ---- */

/* The filter that holds, and one condition more. */
static char *narrowed(const struct view *view, const char *condition)
{
    char *text = NULL;
    bool is_or = view->where && strchr(view->where, '|');
    if (asprintf(&text, is_or ? "(%s) %s" : "%s%s%s", view->where ? view->where : "",
                 is_or         ? condition
                 : view->where ? " "
                               : "",
                 condition) < 0)
        return NULL;
    return text;
}

static void add_cell(struct app *app, size_t column, bool without)
{
    struct view *view = app->view;
    struct styled cell = {0};
    char label[80];
    view->ops->cell(view, view->table.cursor, column, view->table.columns[column].width, &cell);
    const char *value = buffer_text(&cell.text);
    char *condition = view->ops->narrow ? view->ops->narrow(view, view->table.cursor, column, without)
                                        : filter_of_cell(view->ops->list, view->table.columns[column].name,
                                                         *value ? value : NULL, without);
    if (condition) {
        snprintf(label, sizeof label, "%-10s %.50s", view->table.columns[column].name, condition);
        struct menu_item *item = menu_add(&app->menu, label, 0);
        if (item)
            item->text = narrowed(view, condition);
    }
    free(condition);
    styled_free(&cell);
}

static void pick_cell(struct app *app, bool without)
{
    struct view *view = app->view;
    if ((!view->ops->list && !view->ops->narrow) || view->table.cursor >= view->table.rows) {
        tui_say(&app->tui, ROLE_DIM, "nothing can be filtered here");
        return;
    }
    menu_begin(&app->menu, MENU_CELLS, without ? " all but " : " only ");
    for (size_t i = 0; i < view->table.columns_count; i++)
        if (!(view->table.hidden & (1u << i)))
            add_cell(app, i, without);
    if (app->menu.count == 0)
        menu_end(&app->menu);
}

static void only_cell(struct app *app, const char *argument)
{
    (void)argument;
    pick_cell(app, false);
}

static void without_cell(struct app *app, const char *argument)
{
    (void)argument;
    pick_cell(app, true);
}

/* ---- saved filters ---- */

void pick_saved(struct app *app)
{
    const struct saved_filter *saved;
    char label[120];
    menu_begin(&app->menu, MENU_FILTERS, " saved filters ");
    for (size_t i = 0; (saved = saved_filter_at(i)); i++) {
        snprintf(label, sizeof label, "%-10s %s", saved->name, saved->text);
        struct menu_item *item = menu_add(&app->menu, label, 0);
        if (item && asprintf(&item->text, "@%s", saved->name) < 0)
            item->text = NULL;
    }
    if (app->menu.count)
        return;
    menu_end(&app->menu);
    tui_say(&app->tui, ROLE_DIM, "no filter is saved: [filters] in .leash.conf names them");
}

/* ---- several things to open ---- */

void pick_ref(struct app *app, const char *title, const struct model_ref *refs, size_t count)
{
    char text[MODEL_REF_TEXT];
    menu_begin(&app->menu, MENU_TARGETS, title);
    for (size_t i = 0; i < count; i++) {
        struct menu_item *item = menu_add(&app->menu, model_ref_text(refs[i], text), refs[i].id);
        if (item)
            item->kind = (int)refs[i].kind;
    }
}

bool pick_target(struct app *app)
{
    struct view *view = app->view;
    struct model_ref refs[VIEW_TARGETS_MAX];
    size_t count = view->ops->targets ? view->ops->targets(view, view->table.cursor, refs) : 0;
    if (count > 1)
        pick_ref(app, " open ", refs, count);
    return count > 1;
}

/* ---- choosing ---- */

static void choose(struct app *app)
{
    struct menu_item *item = &app->menu.items[app->menu.at];
    switch (app->menu.kind) {
    case MENU_SORT:
        sort_by(app, (int)item->value);
        break;
    case MENU_COPY:
        clipboard_copy(app, item->text);
        break;
    case MENU_ACCEPT:
        acceptance_into(app, (int)item->value);
        break;
    case MENU_CELLS:
        view_go(app->view, &(struct view_args){.where = item->text});
        break;
    case MENU_FILTERS:
        app_act(app, ACTION_FILTER, item->text);
        break;
    case MENU_TARGETS:
        app_effect(app, effect_open((struct model_ref){(enum model_kind)item->kind, item->value}));
        break;
    default:
        break;
    }
    menu_end(&app->menu);
}

void app_pick_key(struct app *app, int key)
{
    enum menu_answer answer = menu_key(&app->menu, key);
    if (answer == MENU_CANCELLED || app->menu.count == 0)
        menu_end(&app->menu);
    else if (app->menu.kind == MENU_COLUMNS && (answer == MENU_TOGGLED || (answer == MENU_CHOSEN && key != K_ENTER)))
        toggle_column(app, &app->menu.items[app->menu.at]);
    else if (answer == MENU_CHOSEN)
        choose(app);
}

static act_handler *const handlers[ACTION_COUNT] = {
    [ACTION_SORT] = pick_sort,      [ACTION_COLUMNS] = pick_columns,      [ACTION_COPY] = pick_copy,
    [ACTION_ONLY_CELL] = only_cell, [ACTION_WITHOUT_CELL] = without_cell,
};

act_handler *act_pick(enum action action)
{
    return handlers[action];
}
