#include "listing.h"
#include "alloc.h"
#include "arena.h"
#include "buffer.h"
#include "filter/filter.h"
#include "list/list.h"
#include "query.h"
#include "rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 256 /* rows read at once of a list that is read in pages */

struct model_table {
    struct trace *trace;
    struct trace_query *query; /* NULL: of `pages` */
    struct model_rows *pages;
    struct {
        struct model_cell *cells;
        struct arena memory;
        size_t count, at; /* rows in it; the next one */
    } page;
    const char *columns;
    struct list_selection selection; /* of a list; a statement's own names otherwise */
    bool is_list;
    int64_t rows; /* that came */
    bool begun;   /* the query is at its first row, or at what `first` says, and nobody has asked for it */
    int first;
};

const char *model_list_name(size_t index)
{
    return list_at(index) ? list_at(index)->name : NULL;
}

const char *model_list_column(const char *what, size_t index)
{
    const struct list *list = list_named(what);
    for (size_t i = 0; list && i < index; i++)
        if (!list->columns[i].name)
            return NULL;
    return list ? list->columns[index].name : NULL;
}

int64_t model_list_total(struct trace *trace, const char *what)
{
    const struct list *list = list_named(what);
    return list ? list_total(list, trace) : 0;
}

static const struct list_column *sort_column(const struct list *list, const char *sort, char *why, size_t room)
{
    sort += *sort == '-';
    return list_column_named(list, sort, strlen(sort), why, room);
}

static void build(const struct list *list, const struct model_list_options *options, const struct model_table *table,
                  const struct list_column *sort, struct buffer *sql)
{
    const struct filter *filter = options->filter;
    bool indexed = list_is_indexed(table->trace);
    unsigned joins = table->selection.joins | (sort ? sort->joins : 0) | (filter ? filter_joins(filter) : 0);
    list_add_columns(&table->selection, indexed, sql);
    list_add_from(list, joins, indexed, sql);
    if (filter && !filter_is_empty(filter))
        buffer_format(sql, " WHERE %s", filter_sql(filter));
    buffer_add(sql, " ORDER BY ");
    if (sort)
        buffer_format(sql, "%s%s, ", list_sort_sql(sort, indexed), *options->sort == '-' ? " DESC" : "");
    buffer_format(sql, "%s LIMIT %lld", list->order, (long long)options->limit);
}

/* A statement that SQLite runs through, sorting if it must. */
static int open_query(struct model_table *table, const struct list *list, const struct model_list_options *options,
                      char *why, size_t room)
{
    const struct list_column *sort = NULL;
    struct buffer sql = {0};
    if (options->sort && !(sort = sort_column(list, options->sort, why, room)))
        return -EINVAL;
    build(list, options, table, sort, &sql);
    table->query = trace_prepare(table->trace, buffer_text(&sql));
    buffer_free(&sql);
    if (!table->query) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(table->trace), trace_failure(table->trace));
        return -EIO;
    }
    if (options->filter)
        filter_bind(options->filter, table->query);
    return 0;
}

char *model_list_sql(struct trace *trace, const char *what, const struct filter *filter)
{
    const struct list *list = list_named(what);
    struct list_selection selection;
    struct buffer sql = {0};
    char why[64];
    if (!list || list_select(list, NULL, &selection, why, sizeof why) < 0)
        return NULL;
    bool indexed = list_is_indexed(trace);
    buffer_format(&sql, "SELECT %s AS %s_id", list->key, list->one);
    for (size_t i = 0; i < selection.count; i++)
        if (strcmp(selection.columns[i]->name, "id") != 0)
            buffer_format(&sql, ", %s AS \"%s\"", selection.columns[i]->sql, selection.columns[i]->name);
    list_add_from(list, selection.joins | (filter ? filter_joins(filter) : 0), indexed, &sql);
    if (filter && !filter_is_empty(filter)) {
        buffer_add(&sql, " WHERE ");
        filter_add_literal(filter, &sql);
    }
    return sql.text;
}

/* A list that is ordered by something that no index has: its keys are sorted, its rows read as they are wanted. */
static int open_pages(struct model_table *table, const char *what, const struct model_list_options *options, char *why,
                      size_t room)
{
    const struct model_rows_options wanted = {
        .what = what, .filter = options->filter, .limit = options->limit < 0 ? 0 : (size_t)options->limit};
    table->page.cells = xcalloc(PAGE * table->selection.count, sizeof *table->page.cells);
    return model_rows_open(table->trace, &wanted, &table->pages, why, room);
}

int model_list_open(struct trace *trace, const char *what, const struct model_list_options *options,
                    struct model_table **out, char *why, size_t room)
{
    const struct list *list = list_named(what);
    struct model_table *table = xcalloc(1, sizeof *table);
    table->trace = trace;
    table->is_list = true;
    if (!list)
        snprintf(why, room, "there is no list \"%.40s\"", what);
    int rc = list ? list_select(list, options->columns, &table->selection, why, room) : -EINVAL;
    table->columns = options->columns;
    if (rc == 0 && list->instant && !options->sort && options->limit != 0)
        rc = open_pages(table, what, options, why, room);
    else if (rc == 0)
        rc = open_query(table, list, options, why, room);
    if (rc == 0)
        *out = table;
    else
        model_table_close(table);
    return rc;
}

int model_sql_open(struct trace *trace, const char *sql, struct model_table **out, char *why, size_t room)
{
    struct trace_query *query = trace_prepare_user(trace, sql);
    if (!query) {
        snprintf(why, room, "%s", trace_failure(trace));
        return -EINVAL;
    }
    *out = xcalloc(1, sizeof **out);
    (*out)->trace = trace;
    (*out)->query = query;
    return 0;
}

void model_table_close(struct model_table *table)
{
    if (!table)
        return;
    trace_finish(table->query);
    model_rows_free(table->pages);
    arena_free(&table->page.memory);
    free(table->page.cells);
    free(table);
}

size_t model_table_columns(const struct model_table *table)
{
    return table->is_list ? table->selection.count : (size_t)trace_columns(table->query);
}

const char *model_table_heading(const struct model_table *table, size_t column)
{
    return table->is_list ? table->selection.columns[column]->name : trace_column_name(table->query, (int)column);
}

enum model_unit model_table_unit(const struct model_table *table, size_t column)
{
    return table->is_list ? table->selection.columns[column]->unit : MODEL_PLAIN;
}

static int next_page(struct model_table *table)
{
    char why[64];
    arena_free(&table->page.memory);
    table->page.at = 0;
    int rc = model_rows_fetch(table->pages, table->trace, table->columns, (size_t)table->rows, PAGE,
                              &table->page.memory, table->page.cells, why, sizeof why);
    table->page.count = rc > 0 ? (size_t)rc : 0;
    return rc;
}

static int step(struct model_table *table)
{
    if (table->query)
        return trace_step(table->query);
    return ++table->page.at < table->page.count ? 1 : next_page(table);
}

void model_table_begin(struct model_table *table)
{
    table->first = step(table);
    table->begun = true;
}

int model_table_next(struct model_table *table)
{
    int rc = table->begun ? table->first : step(table);
    table->begun = false;
    table->rows += rc > 0;
    return rc < 0 ? rc : rc > 0;
}

int64_t model_table_rows(const struct model_table *table)
{
    return table->rows;
}

struct model_cell model_table_cell(struct model_table *table, size_t column)
{
    return table->query ? list_cell(table->query, (int)column)
                        : table->page.cells[table->page.at * table->selection.count + column];
}

const char *model_table_failure(const struct model_table *table)
{
    return trace_failure(table->trace);
}
