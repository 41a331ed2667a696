/* A table in order of its rowids. Where no id is missing, the position of a row is its id less the first. Else a few
 * rows' positions are counted from the nearer end as far as they are asked for, and kept. */
#include "alloc.h"
#include "buffer.h"
#include "parts.h"
#include "query.h"

#include <stdio.h>
#include <stdlib.h>

/* "SELECT id FROM task ..." with up to two numbers, from and to. NULL: trace_failure() tells why. */
static struct trace_query *ask(const struct model_rows *rows, struct trace *trace, const char *what, const char *rest,
                               int64_t from, int64_t to)
{
    struct buffer sql = {0};
    buffer_format(&sql, "SELECT %s FROM %s %s", what, rows->list->view, rest);
    struct trace_query *query = trace_prepare(trace, buffer_text(&sql));
    buffer_free(&sql);
    if (query) {
        trace_bind(query, 1, from);
        trace_bind(query, 2, to);
    }
    return query;
}

int rows_keyset_open(struct model_rows *rows, struct trace *trace)
{
    struct rows_keyset *keyset = &rows->keyset;
    struct trace_query *first = ask(rows, trace, "id", "ORDER BY id LIMIT 1", 0, 0);
    struct trace_query *last = ask(rows, trace, "id", "ORDER BY id DESC LIMIT 1", 0, 0);
    int rc = first && last ? trace_step(first) : -EIO;
    if (rc > 0)
        rc = trace_step(last);
    uint64_t between = 0;
    if (rc > 0) {
        keyset->first = trace_int(first, 0);
        keyset->last = trace_int(last, 0);
        between = (uint64_t)keyset->last - (uint64_t)keyset->first;
        rows->count = rows->total && rows->total - 1 <= between ? rows->total : between + 1;
    }
    keyset->dense = rc > 0 && rows->count == between + 1 && rows->count > 0;
    trace_finish(first);
    trace_finish(last);
    return rc < 0 ? rc : 0;
}

void rows_keyset_free(struct rows_keyset *keyset)
{
    free(keyset->front.ids);
    free(keyset->back.ids);
}

/* The id `skip` rows after `from` (itself: 0), or before it. */
static int64_t step_over(const struct model_rows *rows, struct trace *trace, int64_t from, size_t skip, bool back)
{
    struct trace_query *query =
        ask(rows, trace, "id", back ? "WHERE id <= ?1 ORDER BY id DESC" : "WHERE id >= ?1 ORDER BY id", from, 0);
    int64_t id = INT64_MIN;
    size_t taken = 0;
    while (query && taken <= skip && trace_step(query) > 0) {
        id = trace_int(query, 0);
        taken++;
    }
    trace_finish(query);
    return taken > skip ? id : INT64_MIN;
}

/* Anchors from one end, up to number `wanted`; false: the table ends before, or cannot be read. */
static bool extend(struct model_rows *rows, struct trace *trace, bool back, size_t wanted)
{
    struct rows_anchors *anchors = back ? &rows->keyset.back : &rows->keyset.front;
    while (anchors->count <= wanted) {
        int64_t from = anchors->count ? anchors->ids[anchors->count - 1]
                       : back         ? rows->keyset.last
                                      : rows->keyset.first;
        int64_t id = anchors->count ? step_over(rows, trace, from, ROWS_STEP, back) : from;
        if (id == INT64_MIN)
            return false;
        X_GROW(anchors->ids, anchors->count, anchors->capacity);
        anchors->ids[anchors->count++] = id;
    }
    return true;
}

int64_t rows_keyset_id(struct model_rows *rows, struct trace *trace, size_t position)
{
    struct rows_keyset *keyset = &rows->keyset;
    if (keyset->dense)
        return (int64_t)((uint64_t)keyset->first + position);
    bool back = position > rows->count / 2;
    size_t away = back ? rows->count - 1 - position : position;
    if (!extend(rows, trace, back, away / ROWS_STEP))
        return INT64_MIN;
    int64_t anchor = (back ? &keyset->back : &keyset->front)->ids[away / ROWS_STEP];
    return step_over(rows, trace, anchor, away % ROWS_STEP, back);
}

/* How far `id` is from an end, by the last anchor before it; -1: not known. */
static long long distance(struct model_rows *rows, struct trace *trace, int64_t id, bool back)
{
    struct rows_anchors *anchors = back ? &rows->keyset.back : &rows->keyset.front;
    size_t at = 0;
    while (extend(rows, trace, back, at) && (back ? anchors->ids[at] >= id : anchors->ids[at] <= id))
        at++;
    if (at == 0)
        return -1;
    int64_t anchor = anchors->ids[at - 1];
    struct trace_query *query =
        ask(rows, trace, "count(*)", back ? "WHERE id > ?1 AND id <= ?2" : "WHERE id >= ?1 AND id < ?2",
            back ? id : anchor, back ? anchor : id);
    long long behind = query && trace_step(query) > 0 ? trace_int(query, 0) : -1;
    trace_finish(query);
    return behind < 0 ? -1 : (long long)(at - 1) * ROWS_STEP + behind;
}

long long rows_keyset_find(struct model_rows *rows, struct trace *trace, int64_t id)
{
    struct rows_keyset *keyset = &rows->keyset;
    if (rows->count == 0 || id < keyset->first || id > keyset->last)
        return -1;
    struct trace_query *query = ask(rows, trace, "1", "WHERE id = ?1", id, 0);
    bool there = query && trace_step(query) > 0;
    trace_finish(query);
    if (!there)
        return -1;
    if (keyset->dense)
        return (long long)((uint64_t)id - (uint64_t)keyset->first);
    bool back = (uint64_t)keyset->last - (uint64_t)id < (uint64_t)id - (uint64_t)keyset->first;
    long long away = distance(rows, trace, id, back);
    return away < 0 || !back ? away : (long long)rows->count - 1 - away;
}
