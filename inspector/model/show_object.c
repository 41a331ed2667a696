#include "show_object.h"

#include <string.h>

static const char *task_label(struct loader *loader, int64_t task)
{
    return task ? load_label(loader, (struct model_ref){MODEL_TASK, task}) : "code outside any task";
}

/* "and 3 more holds", where a list was cut. */
static void add_rest(struct loader *loader, struct model_detail *detail, int64_t count, const char *what)
{
    if (count > DETAIL_ROWS_MAX)
        detail_add_fact(detail, "",
                        arena_format(loader->memory, "and %lld more %s", (long long)(count - DETAIL_ROWS_MAX), what));
}

static int64_t count_rows(struct loader *loader, const char *sql, int64_t id)
{
    struct trace_query *row = loader_row(loader, sql, id);
    int64_t count = row ? trace_int(row, 0) : 0;
    trace_finish(row);
    return count;
}

static struct trace_query *rows_of(struct loader *loader, const char *sql, int64_t id)
{
    struct trace_query *row = loader_prepare(loader, sql);
    if (row)
        trace_bind(row, 1, id);
    return row;
}

static void add_capacity(struct loader *loader, int64_t id, struct model_detail *detail)
{
    struct trace_query *row =
        loader_row(loader, "SELECT kind, capacity FROM object WHERE id = ?1 AND capacity IS NOT NULL", id);
    if (!row)
        return;
    const char *kind = trace_text(row, 0);
    int64_t capacity = trace_int(row, 1);
    detail_add_fact(detail, kind && strcmp(kind, "barrier") == 0 ? "parties" : "takes",
                    capacity ? arena_format(loader->memory, "%lld", (long long)capacity) : "any number");
    trace_finish(row);
}

static void add_holders(struct loader *loader, int64_t id, struct model_detail *detail)
{
    char since[MODEL_TIME_TEXT];
    struct trace_query *row = rows_of(
        loader, "SELECT task_id, site_id, began_ns FROM hold WHERE object_id = ?1 AND ended_ns IS NULL ORDER BY id",
        id);
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++)
        detail_add_fact(detail, "held by",
                        arena_format(loader->memory, "%s since %s%s", task_label(loader, trace_int(row, 0)),
                                     model_time_text(loader_time(row, 2), since),
                                     detail_site_text(loader, trace_int(row, 1))));
    trace_finish(row);
    add_rest(loader, detail,
             count_rows(loader, "SELECT count(*) FROM hold WHERE object_id = ?1 AND ended_ns IS NULL", id), "holders");
}

static void add_past_holds(struct loader *loader, int64_t id, struct model_detail *detail)
{
    char longest[MODEL_TIME_TEXT];
    struct trace_query *row = loader_row(
        loader,
        "SELECT count(*), max(ended_ns - began_ns), task_id FROM hold WHERE object_id = ?1 AND ended_ns IS NOT NULL",
        id);
    if (row && trace_int(row, 0))
        detail_add_fact(detail, "was held",
                        arena_format(loader->memory, "%lld time%s, longest %s by %s", (long long)trace_int(row, 0),
                                     trace_int(row, 0) == 1 ? "" : "s", model_duration_text(trace_int(row, 1), longest),
                                     task_label(loader, trace_int(row, 2))));
    trace_finish(row);
}

static void add_operations(struct loader *loader, int64_t id, struct model_detail *detail)
{
    char at[MODEL_TIME_TEXT];
    struct trace_query *row =
        rows_of(loader, "SELECT op, task_id, site_id, at_ns FROM object_op WHERE object_id = ?1 ORDER BY id", id);
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++) {
        const char *op = loader_text(loader, row, 0);
        detail_add_fact(detail, op ? op : "?",
                        arena_format(loader->memory, "%s by %s%s", model_time_text(loader_time(row, 3), at),
                                     task_label(loader, trace_int(row, 1)),
                                     detail_site_text(loader, trace_int(row, 2))));
    }
    trace_finish(row);
    add_rest(loader, detail, count_rows(loader, "SELECT count(*) FROM object_op WHERE object_id = ?1", id),
             "operations");
}

static void add_members(struct loader *loader, int64_t id, struct model_detail *detail)
{
    struct trace_query *row =
        rows_of(loader, "SELECT member_kind, member_id FROM child WHERE object_id = ?1 ORDER BY position", id);
    for (int i = 0; i < DETAIL_ROWS_MAX && loader_next(loader, row); i++)
        detail_add_fact(detail, "member",
                        load_label(loader, (struct model_ref){model_kind_of(trace_text(row, 0)), trace_int(row, 1)}));
    trace_finish(row);
    add_rest(loader, detail, count_rows(loader, "SELECT count(*) FROM child WHERE object_id = ?1", id), "members");
}

void detail_add_object(struct loader *loader, int64_t id, struct model_detail *detail)
{
    add_capacity(loader, id, detail);
    add_members(loader, id, detail);
    add_holders(loader, id, detail);
    add_past_holds(loader, id, detail);
    add_operations(loader, id, detail);
}
