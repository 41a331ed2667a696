/* The earliest events without reading all: what happened to a row of a table happened after the row began, and rows are
 * numbered about as they begin. So the events of the first rows are complete up to where the rows behind them begin.
 * Threads take ids in blocks and are folded one after the other: rows far enough behind are looked at to find that. */
#include "parts.h"
#include "query.h"

#define BEHIND "20000" /* rows: many blocks of ids */

/* The earliest that something began of what is numbered above ?1; NULL: there is nothing. */
/* clang-format off */
#define BEGAN(table, column)                                                                                           \
    "SELECT min(" column ") AS at FROM (SELECT " column " FROM " table " WHERE id > ?1 ORDER BY id LIMIT " BEHIND ")"
#define AND " UNION ALL "
static const char horizon_sql[] = "SELECT min(at) FROM ("
    BEGAN("task", "created_ns") AND BEGAN("coro", "created_ns") AND BEGAN("future", "created_ns")
    AND BEGAN("object", "created_ns") AND BEGAN("await", "began_ns") AND BEGAN("step", "began_ns")
    AND BEGAN("cancel", "at_ns") AND BEGAN("claim", "at_ns") AND BEGAN("scan", "at_ns") AND BEGAN("misuse", "at_ns")
    AND BEGAN("hold", "began_ns") AND BEGAN("object_op", "at_ns")
    AND BEGAN("test_scope", "began_ns") AND BEGAN("loop", "began_ns") ")";
/* clang-format on */
static const char events_sql[] = "SELECT row, part, at_ns FROM event_all WHERE row <= ?1 AND at_ns IS NOT NULL";

/* *out INT64_MAX: nothing is numbered above `bound`. */
static int find_horizon(struct trace *trace, int64_t bound, int64_t *out)
{
    struct trace_query *row = trace_prepare(trace, horizon_sql);
    if (!row)
        return -EIO;
    trace_bind(row, 1, bound);
    int rc = trace_step(row);
    if (rc > 0)
        *out = trace_is_null(row, 0) ? INT64_MAX : trace_int(row, 0);
    trace_finish(row);
    return rc < 0 ? rc : 0;
}

/* The events of rows up to `bound`, in order. */
static int read_up_to(struct trace *trace, int64_t bound, struct rows_vector *vector)
{
    struct trace_query *query = trace_prepare(trace, events_sql);
    if (!query)
        return -EIO;
    trace_bind(query, 1, bound);
    int rc = rows_read(query, vector);
    trace_finish(query);
    if (rc == 0)
        rc = rows_sort_keys(vector, trace);
    return rc == 0 ? rows_sort(vector, false, trace) : rc;
}

int rows_build_first(struct model_rows *rows, struct trace *trace, size_t limit, char *why, size_t room)
{
    struct rows_vector vector = {0};
    int64_t bound = limit > 1 << 20 ? 1 << 20 : (int64_t)limit, horizon = INT64_MAX;
    int rc;
    do {
        rc = find_horizon(trace, bound, &horizon);
        if (rc == 0)
            rc = read_up_to(trace, bound, &vector);
        while (rc == 0 && horizon != INT64_MAX && vector.count && vector.keys[vector.count - 1].order >= horizon)
            vector.count--;
        bound *= 4;
    } while (rc == 0 && vector.count < limit && horizon != INT64_MAX && bound < INT64_MAX / 8);
    if (rc == 0) {
        rows->cut = horizon != INT64_MAX;
        rows_take(rows, &vector, limit);
    }
    rows_vector_free(&vector);
    return rc < 0 ? rows_failed(trace, rc, why, room) : 0;
}
