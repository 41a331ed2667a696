#include "view.h"
#include "alloc.h"
#include "filter/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view *view_open(const struct view_ops *ops, struct tui *tui)
{
    struct view *view = xcalloc(1, sizeof *view);
    view->ops = ops;
    view->tui = tui;
    view->data = xcalloc(1, ops->size ? ops->size : 1);
    table_open(&view->table, ops->columns, ops->columns_count);
    view->table.times = ops->times;
    if (ops->open && ops->open(view) < 0) {
        view_close(view);
        return NULL;
    }
    return view;
}

void view_close(struct view *view)
{
    if (!view)
        return;
    if (view->ops->close)
        view->ops->close(view);
    table_close(&view->table);
    free(view->where);
    free(view->data);
    free(view);
}

bool view_current(struct view *view, struct view_row *out)
{
    *out = (struct view_row){0};
    if (view->table.cursor >= view->table.rows)
        return false;
    view->ops->row(view, view->table.cursor, out);
    return true;
}

bool view_site(struct view *view, struct model_site *out)
{
    return view->ops->site && view->table.cursor < view->table.rows && view->ops->site(view, view->table.cursor, out) &&
           out->file;
}

size_t view_find(struct view *view, struct model_ref ref)
{
    if (view->ops->find)
        return view->ops->find(view, ref);
    for (size_t i = 0; i < view->table.rows; i++) {
        struct view_row row = {0};
        view->ops->row(view, i, &row);
        if (row.ref.kind == ref.kind && row.ref.id == ref.id)
            return i;
    }
    return view->table.rows;
}

size_t view_find_key(struct view *view, uint64_t key)
{
    if (view->ops->find_key)
        return view->ops->find_key(view, key);
    for (size_t i = 0; i < view->table.rows; i++) {
        struct view_row row = {0};
        view->ops->row(view, i, &row);
        if (row.key == key)
            return i;
    }
    return view->table.rows;
}

/* "-life": a column and a direction; an unknown one is left out. */
static void take_sort(struct view *view, const char *sort)
{
    bool descending = *sort == '-';
    for (size_t i = 0; i < view->table.columns_count; i++) {
        if (view->table.columns[i].sortable && strcmp(view->table.columns[i].name, sort + descending) == 0) {
            view->table.sort = (int)i;
            view->table.descending = descending;
        }
    }
}

bool view_go(struct view *view, const struct view_args *args)
{
    struct view_row before;
    bool had = view_current(view, &before);
    char *kept = view->where;
    if (args->where)
        view->where = *args->where ? xstrdup(args->where) : NULL;
    if (args->sort)
        take_sort(view, args->sort);
    view->wrong.text[0] = view->doubt[0] = '\0';
    if (view->ops->reload(view, args) < 0) {
        if (view->where != kept)
            free(view->where);
        view->where = kept;
        return false;
    }
    if (view->where != kept)
        free(kept);
    size_t row = args->ref.kind != MODEL_NONE ? view_find(view, args->ref) : view->table.rows;
    if (row >= view->table.rows && had)
        row = view_find_key(view, before.key);
    if (row < view->table.rows)
        table_go(&view->table, row);
    table_clamp(&view->table, view->table.rows, view->table.height);
    return true;
}

bool view_reload(struct view *view)
{
    return view_go(view, &(struct view_args){0});
}

void view_refuse(struct view *view, const struct filter_error *error)
{
    snprintf(view->wrong.text, sizeof view->wrong.text, "%s", error->text);
    view->wrong.at = error->at;
}

void view_doubt(struct view *view, const struct filter *filter)
{
    const char *doubt = filter_doubt(filter);
    snprintf(view->doubt, sizeof view->doubt, "%s", doubt ? doubt : "");
}
