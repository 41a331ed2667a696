/* Who waited at one instant, and for what. */
#include "alloc.h"
#include "loader.h"

#include <stdlib.h>

#define EDGE "a.id, a.task_id, a.coro_id, a.site_id, a.began_ns, a.sleep_us, a.target_kind, a.target_id"

/* Tasks that were judged pending, with the await that they were in then: the clean-up ended it afterwards. Worded so
 * that the index of what is judged or pending serves; facts: PENDING 1, DAEMON 16. */
static const char judged_sql[] = "SELECT " EDGE ", (t.facts & 16) = 0 FROM task t CROSS JOIN await a"
                                 " ON a.id = t.exit_await_id WHERE t.facts <> 0 AND t.facts & 1 LIMIT ?2";
static const char judged_at_sql[] =
    "SELECT " EDGE ", (t.facts & 16) = 0 FROM task t CROSS JOIN await a ON a.id = t.exit_await_id"
    " JOIN loop l ON l.id = t.loop_id"
    " WHERE t.facts <> 0 AND t.facts & 1 AND a.began_ns <= ?1 AND ?1 <= l.main_ended_ns LIMIT ?2";
/* With the indexes of a finished trace: the few that are pending, and what they are in. */
static const char open_of_pending_sql[] = "SELECT " EDGE ", 0 FROM task t CROSS JOIN await a ON a.task_id = t.id"
                                          " WHERE t.state = 'pending' AND a.ended_ns IS NULL LIMIT ?2";
/* Without them one look at every await is the cheapest. */
static const char open_sql[] = "SELECT " EDGE ", 0 FROM await a WHERE a.ended_ns IS NULL LIMIT ?2";
static const char open_at_sql[] = "SELECT " EDGE ", 0 FROM await a WHERE a.began_ns <= ?1"
                                  " AND (a.ended_ns IS NULL OR a.ended_ns > ?1) LIMIT ?2";

static int by_task(const void *left, const void *right)
{
    const struct waits_edge *a = left, *b = right;
    if (a->task != b->task)
        return a->task < b->task ? -1 : 1;
    if (a->id != b->id)
        return a->id > b->id ? -1 : 1;
    return b->stuck - a->stuck;
}

static void read_edges(struct loader *loader, const char *sql, int64_t at_ns, struct waits_edges *out)
{
    struct trace_query *row = loader_prepare(loader, sql);
    if (row) {
        trace_bind(row, 1, at_ns);
        trace_bind(row, 2, WAITS_MAX + 1);
    }
    while (loader_next(loader, row)) {
        if (out->count == WAITS_MAX) {
            out->cut = true;
            break;
        }
        X_GROW(out->items, out->count, out->capacity);
        struct waits_edge *edge = &out->items[out->count++];
        *edge = (struct waits_edge){.id = trace_int(row, 0),
                                    .task = trace_int(row, 1),
                                    .coro = trace_int(row, 2),
                                    .site = trace_int(row, 3),
                                    .began_ns = loader_time(row, 4),
                                    .sleep_us = trace_is_null(row, 5) ? -1 : trace_int(row, 5),
                                    .target = {model_kind_of(trace_text(row, 6)), trace_int(row, 7)},
                                    .stuck = trace_int(row, 8) != 0};
    }
    trace_finish(row);
}

void waits_edges_load(struct loader *loader, int64_t at_ns, struct waits_edges *out)
{
    *out = (struct waits_edges){0};
    bool at_end = at_ns == MODEL_NEVER;
    read_edges(loader, at_end ? judged_sql : judged_at_sql, at_ns, out);
    read_edges(loader, !at_end ? open_at_sql : loader_has_indexes(loader) ? open_of_pending_sql : open_sql, at_ns, out);
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_task);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || out->items[kept - 1].task != out->items[i].task)
            out->items[kept++] = out->items[i];
    out->count = kept;
}
