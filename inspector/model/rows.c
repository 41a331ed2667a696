#include "rows.h"
#include "alloc.h"
#include "arena.h"
#include "buffer.h"
#include "query.h"
#include "rows/parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 500 /* keys in one question */

int model_rows_open(struct trace *trace, const struct model_rows_options *options, struct model_rows **out, char *why,
                    size_t room)
{
    const struct list *list = list_named(options->what);
    bool plain = !options->sort && (!options->filter || filter_is_empty(options->filter));
    if (!list) {
        snprintf(why, room, "there is no list \"%.40s\"", options->what);
        return -EINVAL;
    }
    struct model_rows *rows = xcalloc(1, sizeof *rows);
    rows->list = list;
    rows->indexed = list_is_indexed(trace);
    if (!list->instant) /* those are of many tables, and too many to count */
        rows->total = (size_t)list_total(list, trace);
    int rc;
    if (plain && list->is_table) {
        rc = rows_keyset_open(rows, trace);
        if (rc < 0)
            rows_failed(trace, rc, why, room);
        rows->cut = options->limit && rows->count > options->limit;
        rows->count = rows->cut ? options->limit : rows->count;
    } else if (plain && list->instant && options->limit) {
        rc = rows_build_first(rows, trace, options->limit, why, room);
    } else {
        rc = rows_build(rows, trace, options, why, room);
    }
    if (rc == 0)
        *out = rows;
    else
        model_rows_free(rows);
    return rc;
}

void model_rows_free(struct model_rows *rows)
{
    if (!rows)
        return;
    rows_keyset_free(&rows->keyset);
    free(rows->keys);
    free(rows);
}

size_t model_rows_count(const struct model_rows *rows)
{
    return rows->count;
}

size_t model_rows_total(const struct model_rows *rows)
{
    return rows->total > rows->count ? rows->total : rows->count;
}

bool model_rows_cut(const struct model_rows *rows)
{
    return rows->cut;
}

/* ---- keys ---- */

static model_row_key key_of(const struct model_rows *rows, int64_t key)
{
    const struct list *list = rows->list;
    if (!list->subject)
        return (model_row_key){list->kind, key};
    enum model_kind kind = (enum model_kind)(key >> ROWS_ID_BITS);
    return list->instant ? (model_row_key){MODEL_NONE, key}
                         : (model_row_key){kind, key & ((INT64_C(1) << ROWS_ID_BITS) - 1)};
}

model_row_key model_rows_key(struct model_rows *rows, struct trace *trace, size_t position)
{
    const model_row_key none = {MODEL_NONE, -1};
    if (position >= rows->count)
        return none;
    int64_t key = rows->keys ? rows->keys[position] : rows_keyset_id(rows, trace, position);
    return key == INT64_MIN ? none : key_of(rows, key);
}

long long model_rows_find(struct model_rows *rows, struct trace *trace, model_row_key key)
{
    long long at = -1;
    if (!rows->keys) {
        at = key.kind == rows->list->kind ? rows_keyset_find(rows, trace, key.id) : -1;
        return at >= 0 && (size_t)at < rows->count ? at : -1;
    }
    for (size_t i = 0; i < rows->count; i++) {
        model_row_key here = key_of(rows, rows->keys[i]);
        if (here.id == key.id && here.kind == key.kind)
            return (long long)i;
    }
    return at;
}

/* ---- pages ---- */

/* The rows of a page, while it is read. */
struct page {
    struct model_rows *rows;
    struct trace *trace;
    struct list_selection selection;
    size_t count;
    int64_t keys[PAGE_MAX]; /* of a vector */
    struct arena *arena;
    struct model_cell *cells;
};

static void copy_row(const struct page *page, struct trace_query *query, size_t row)
{
    for (size_t i = 0; i < page->selection.count; i++) {
        struct model_cell *cell = &page->cells[row * page->selection.count + i];
        *cell = list_cell(query, (int)i);
        if (cell->kind != MODEL_CELL_TEXT && cell->kind != MODEL_CELL_BLOB)
            continue;
        char *text = arena_alloc(page->arena, cell->length + 1, 1);
        if (cell->length)
            memcpy(text, cell->text, cell->length);
        cell->text = text;
    }
}

static struct trace_query *prepare(const struct page *page, const char *where)
{
    const struct list *list = page->rows->list;
    struct buffer sql = {0};
    list_add_columns(&page->selection, page->rows->indexed, &sql);
    buffer_format(&sql, ", %s, %s", list->key, list->subject ? list->subject : "NULL");
    list_add_from(list, page->selection.joins, page->rows->indexed, &sql);
    buffer_format(&sql, " WHERE %s", where);
    struct trace_query *query = trace_prepare(page->trace, buffer_text(&sql));
    buffer_free(&sql);
    return query;
}

/* Of a table: rows from the id at `first` on. */
static int fetch_after(const struct page *page, size_t first)
{
    struct buffer where = {0};
    int64_t from = rows_keyset_id(page->rows, page->trace, first);
    size_t row = 0;
    int rc;
    if (from == INT64_MIN)
        return 0;
    buffer_format(&where, "%s >= ?1 AND %s <= ?2 ORDER BY %s LIMIT ?3", page->rows->list->key, page->rows->list->key,
                  page->rows->list->key);
    struct trace_query *query = prepare(page, buffer_text(&where));
    buffer_free(&where);
    if (!query)
        return -EIO;
    trace_bind(query, 1, from);
    trace_bind(query, 2, page->rows->keyset.last);
    trace_bind(query, 3, (int64_t)page->count);
    while ((rc = trace_step(query)) > 0 && row < page->count)
        copy_row(page, query, row++);
    trace_finish(query);
    return rc < 0 ? rc : (int)row;
}

static int64_t row_key(const struct page *page, struct trace_query *query)
{
    int column = (int)page->selection.count;
    int64_t id = trace_int(query, column);
    return page->rows->list->subject ? trace_int(query, column + 1) << ROWS_ID_BITS | id : id;
}

/* The rows of one kind, or of all: -1. They come in an order of their own. */
static int fetch_kind(const struct page *page, int64_t kind)
{
    const struct list *list = page->rows->list;
    const int64_t mask = list->subject ? (INT64_C(1) << ROWS_ID_BITS) - 1 : -1;
    struct buffer where = {0};
    size_t count = 0;
    int rc;
    if (kind >= 0)
        buffer_format(&where, "%s = %lld AND ", list->subject, (long long)kind);
    buffer_format(&where, "%s IN (", list->key);
    for (size_t i = 0; i < page->count; i++)
        if (kind < 0 || page->keys[i] >> ROWS_ID_BITS == kind)
            buffer_format(&where, "%s?%zu", count++ ? ", " : "", i + 1);
    buffer_add(&where, ", NULL)"); /* of one value SQLite would make an equation, and then read the whole table */
    struct trace_query *query = count ? prepare(page, buffer_text(&where)) : NULL;
    buffer_free(&where);
    if (!query)
        return count ? -EIO : 0;
    for (size_t i = 0; i < page->count; i++)
        trace_bind(query, (int)i + 1, page->keys[i] & mask);
    while ((rc = trace_step(query)) > 0)
        for (size_t i = 0; i < page->count; i++)
            if (page->keys[i] == row_key(page, query))
                copy_row(page, query, i);
    trace_finish(query);
    return rc;
}

/* Of a vector. Where each kind is read from another table, kind by kind, so that SQLite looks into no other. */
static int fetch_keys(const struct page *page)
{
    bool seen[128] = {false};
    int rc = 0;
    if (!page->rows->list->by_kind)
        rc = fetch_kind(page, -1);
    for (size_t i = 0; page->rows->list->by_kind && i < page->count && rc >= 0; i++) {
        int64_t kind = page->keys[i] >> ROWS_ID_BITS;
        if (!seen[kind & 127])
            rc = fetch_kind(page, kind);
        seen[kind & 127] = true;
    }
    return rc < 0 ? rc : (int)page->count;
}

static int fetch_page(struct page *page, size_t first)
{
    memset(page->cells, 0, page->count * page->selection.count * sizeof *page->cells);
    if (!page->rows->keys)
        return fetch_after(page, first);
    memcpy(page->keys, page->rows->keys + first, page->count * sizeof *page->keys);
    return fetch_keys(page);
}

int model_rows_fetch(struct model_rows *rows, struct trace *trace, const char *columns, size_t first, size_t n,
                     struct arena *arena, struct model_cell *cells, char *why, size_t room)
{
    struct page page = {.rows = rows, .trace = trace, .arena = arena, .cells = cells};
    int rc = list_select(rows->list, columns, &page.selection, why, room), done = 0;
    if (rc < 0)
        return rc;
    if (first >= rows->count)
        return 0;
    if (n > rows->count - first)
        n = rows->count - first;
    while ((size_t)done < n) {
        size_t left = n - (size_t)done;
        page.count = left < PAGE_MAX ? left : PAGE_MAX;
        page.cells = cells + (size_t)done * page.selection.count;
        rc = fetch_page(&page, first + (size_t)done);
        if (rc < 0)
            return rows_failed(trace, rc, why, room);
        done += rc;
        if ((size_t)rc < page.count)
            break;
    }
    return done;
}
