#include "listing.h"
#include "alloc.h"
#include "buffer.h"
#include "filter/filter.h"
#include "list/list.h"
#include "query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 32

struct model_table {
    struct trace *trace;
    struct trace_query *query;
    const struct list_column *columns[COLUMNS_MAX]; /* of a list; a statement's own names otherwise */
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

static int choose_columns(const struct list *list, const char *names, struct model_table *table, char *why, size_t room)
{
    size_t count = 0;
    for (const char *at = names; *at;) {
        size_t length = strcspn(at, ",");
        const struct list_column *column = list_column_named(list, at, length, why, room);
        if (!column)
            return -EINVAL;
        if (count == COLUMNS_MAX - 1) {
            snprintf(why, room, "more than %d columns", COLUMNS_MAX - 1);
            return -EINVAL;
        }
        table->columns[count++] = column;
        at += length;
        at += *at == ',';
    }
    if (count)
        return 0;
    snprintf(why, room, "no columns are named");
    return -EINVAL;
}

/* What to sort by; NULL and `why` set: there is no such column. */
static const struct list_column *sort_column(const struct list *list, const char *sort, char *why, size_t room)
{
    sort += *sort == '-';
    return list_column_named(list, sort, strlen(sort), why, room);
}

static unsigned joins_of(const struct model_table *table, const struct list_column *sort, const struct filter *filter)
{
    unsigned joins = sort ? sort->joins : 0;
    for (size_t i = 0; table->columns[i]; i++)
        joins |= table->columns[i]->joins;
    return filter ? joins | filter_joins(filter) : joins;
}

static void build(const struct list *list, const struct model_list_options *options, const struct model_table *table,
                  const struct list_column *sort, struct buffer *sql)
{
    bool indexed = list_is_indexed(table->trace);
    buffer_add(sql, "SELECT ");
    for (size_t i = 0; table->columns[i]; i++)
        buffer_format(sql, "%s%s", i ? ", " : "", list_column_sql(table->columns[i], indexed));
    list_add_from(list, joins_of(table, sort, options->filter), indexed, sql);
    if (options->filter && !filter_is_empty(options->filter))
        buffer_format(sql, " WHERE %s", filter_sql(options->filter));
    buffer_add(sql, " ORDER BY ");
    if (sort)
        buffer_format(sql, "%s%s, ", sort->sort ? sort->sort : list_column_sql(sort, indexed),
                      *options->sort == '-' ? " DESC" : "");
    buffer_format(sql, "%s LIMIT %lld", list->order, (long long)options->limit);
}

int model_list_open(struct trace *trace, const char *what, const struct model_list_options *options,
                    struct model_table **out, char *why, size_t room)
{
    const struct list *list = list_named(what);
    struct model_table *table = xcalloc(1, sizeof *table);
    const struct list_column *sort = NULL;
    struct buffer sql = {0};
    int rc = -EINVAL;
    table->trace = trace;
    table->is_list = true;
    if (!list) {
        snprintf(why, room, "there is no list \"%.40s\"", what);
        goto failed;
    }
    rc = choose_columns(list, options->columns ? options->columns : list->standard, table, why, room);
    if (rc < 0)
        goto failed;
    rc = -EINVAL;
    if (options->sort && !(sort = sort_column(list, options->sort, why, room)))
        goto failed;
    build(list, options, table, sort, &sql);
    table->query = trace_prepare(trace, buffer_text(&sql));
    buffer_free(&sql);
    if (table->query) {
        if (options->filter)
            filter_bind(options->filter, table->query);
        *out = table;
        return 0;
    }
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    rc = -EIO;
failed:
    buffer_free(&sql);
    free(table);
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
    free(table);
}

size_t model_table_columns(const struct model_table *table)
{
    return (size_t)trace_columns(table->query);
}

const char *model_table_heading(const struct model_table *table, size_t column)
{
    return table->is_list ? table->columns[column]->name : trace_column_name(table->query, (int)column);
}

enum model_unit model_table_unit(const struct model_table *table, size_t column)
{
    return table->is_list ? table->columns[column]->unit : MODEL_PLAIN;
}

void model_table_begin(struct model_table *table)
{
    table->first = trace_step(table->query);
    table->begun = true;
}

int model_table_next(struct model_table *table)
{
    int rc = table->begun ? table->first : trace_step(table->query);
    table->begun = false;
    table->rows += rc > 0;
    return rc;
}

int64_t model_table_rows(const struct model_table *table)
{
    return table->rows;
}

struct model_cell model_table_cell(struct model_table *table, size_t column)
{
    struct model_cell cell = {.kind = MODEL_CELL_NULL};
    struct trace_query *query = table->query;
    int index = (int)column;
    switch (trace_type(query, index)) {
    case TRACE_INTEGER:
        cell.kind = MODEL_CELL_INTEGER;
        cell.integer = trace_int(query, index);
        break;
    case TRACE_REAL:
        cell.kind = MODEL_CELL_REAL;
        cell.real = trace_real(query, index);
        break;
    case TRACE_TEXT:
    case TRACE_BLOB:
        cell.kind = trace_type(query, index) == TRACE_TEXT ? MODEL_CELL_TEXT : MODEL_CELL_BLOB;
        cell.text = trace_bytes(query, index, &cell.length);
        break;
    default:
        break;
    }
    return cell;
}

const char *model_table_failure(const struct model_table *table)
{
    return trace_failure(table->trace);
}
