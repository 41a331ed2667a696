/* One scan of what passes the filter; then it is sorted here, unless there are too many different texts. */
#include "alloc.h"
#include "buffer.h"
#include "parts.h"
#include "query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct build {
    struct model_rows *rows;
    struct trace *trace;
    const struct model_rows_options *options;
    const struct list_column *sort;
};

/* What the vector is sorted by; NULL: as it comes. */
static const char *order_of(const struct build *build)
{
    return build->sort ? list_sort_sql(build->sort, build->rows->indexed) : build->rows->list->instant;
}

static void add_statement(const struct build *build, bool sorted_by_sql, struct buffer *sql)
{
    const struct list *list = build->rows->list;
    const struct filter *filter = build->options->filter;
    const char *order = order_of(build);
    unsigned joins = (build->sort ? build->sort->joins : 0) | (filter ? filter_joins(filter) : 0);
    buffer_format(sql, "SELECT %s, %s, %s", list->key, list->subject ? list->subject : "NULL",
                  order && !sorted_by_sql ? order : "NULL");
    list_add_from(list, joins, build->rows->indexed, sql);
    if (filter && !filter_is_empty(filter))
        buffer_format(sql, " WHERE %s", filter_sql(filter));
    if (sorted_by_sql && build->sort)
        buffer_format(sql, " ORDER BY %s%s, %s", order, build->options->down ? " DESC" : "", list->order);
    else if (!order && !list->is_table)
        buffer_format(sql, " ORDER BY %s", list->order);
}

/* Ids that do not fit below the kind are none that leash gives. */
static bool packed(int64_t id, int64_t kind, int64_t *out)
{
    *out = (int64_t)((uint64_t)kind << ROWS_ID_BITS | (uint64_t)id);
    return id >= 0 && id >> ROWS_ID_BITS == 0 && kind >= 0 && kind < 128;
}

/* What a row is sorted by: a number, or the index of its text. False: numbers and texts are mixed, or too many texts.
 */
static bool order_value(struct trace_query *query, struct rows_vector *vector, int64_t *out)
{
    enum trace_type type = trace_type(query, 2);
    size_t length;
    *out = INT64_MIN; /* as SQLite: what is not there comes first */
    if (type == TRACE_NULL)
        return true;
    if (type == TRACE_BLOB || (type == TRACE_TEXT && vector->numbers) || (type != TRACE_TEXT && vector->texts.count))
        return false;
    if (type == TRACE_TEXT) {
        const char *bytes = trace_bytes(query, 2, &length);
        *out = rows_texts_add(&vector->texts, bytes, length);
        return *out >= 0;
    }
    vector->numbers = true;
    *out = trace_int(query, 2);
    return true;
}

/* From indexes to ranks. */
static void rank_texts(struct rows_vector *vector)
{
    rows_texts_rank(&vector->texts);
    for (size_t i = 0; i < vector->count; i++)
        if (vector->keys[i].order != INT64_MIN)
            vector->keys[i].order = vector->texts.items[vector->keys[i].order].rank;
}

int rows_read(struct trace_query *query, struct rows_vector *vector)
{
    int rc;
    vector->count = 0;
    vector->ascending = true;
    while ((rc = trace_step(query)) > 0) {
        int64_t key = trace_int(query, 0), order;
        if (!order_value(query, vector, &order))
            return 1;
        if (trace_is_null(query, 0) || (!trace_is_null(query, 1) && !packed(key, trace_int(query, 1), &key)))
            continue;
        if (vector->count && vector->keys[vector->count - 1].key > key)
            vector->ascending = false;
        X_GROW(vector->keys, vector->count, vector->capacity);
        vector->keys[vector->count++] = (struct rows_key){order, key};
    }
    if (rc == 0 && vector->texts.count)
        rank_texts(vector);
    return rc;
}

void rows_vector_free(struct rows_vector *vector)
{
    free(vector->keys);
    rows_texts_free(&vector->texts);
}

void rows_take(struct model_rows *rows, struct rows_vector *vector, size_t limit)
{
    rows->cut = rows->cut || (limit && vector->count > limit);
    rows->count = limit && vector->count > limit ? limit : vector->count;
    rows->keys = xcalloc(rows->count + 1, sizeof *rows->keys);
    for (size_t i = 0; i < rows->count; i++)
        rows->keys[i] = vector->keys[i].key;
}

int rows_failed(const struct trace *trace, int code, char *why, size_t room)
{
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    return code;
}

/* 1: to be sorted by SQLite. */
static int scan(const struct build *build, bool sorted_by_sql, struct rows_vector *vector, char *why, size_t room)
{
    struct buffer sql = {0};
    add_statement(build, sorted_by_sql, &sql);
    struct trace_query *query = trace_prepare(build->trace, buffer_text(&sql));
    buffer_free(&sql);
    if (!query)
        return rows_failed(build->trace, -EIO, why, room);
    if (build->options->filter)
        filter_bind(build->options->filter, query);
    int rc = rows_read(query, vector);
    trace_finish(query);
    return rc < 0 ? rows_failed(build->trace, rc, why, room) : rc;
}

/* By key first, so that equal rows stand in that order; a view without an order of its own comes sorted. */
static int sort(const struct build *build, struct rows_vector *vector)
{
    const struct list *list = build->rows->list;
    int rc = list->is_table || list->instant ? rows_sort_keys(vector, build->trace) : 0;
    if (rc == 0 && order_of(build))
        rc = rows_sort(vector, build->sort && build->options->down, build->trace);
    return rc;
}

int rows_build(struct model_rows *rows, struct trace *trace, const struct model_rows_options *options, char *why,
               size_t room)
{
    struct build build = {.rows = rows, .trace = trace, .options = options};
    struct rows_vector vector = {0};
    if (options->sort && !(build.sort = list_column_named(rows->list, options->sort, strlen(options->sort), why, room)))
        return -EINVAL;
    /* Rows that come in an order of their own, and are then sorted by something else, need SQLite's. */
    bool by_sql = build.sort && !rows->list->is_table && !rows->list->instant;
    int rc = scan(&build, by_sql, &vector, why, room);
    if (rc == 1)
        rc = scan(&build, by_sql = true, &vector, why, room);
    if (rc == 0 && !by_sql && (rc = sort(&build, &vector)) < 0)
        snprintf(why, room, "interrupted");
    if (rc == 0)
        rows_take(rows, &vector, options->limit);
    rows_vector_free(&vector);
    return rc;
}
