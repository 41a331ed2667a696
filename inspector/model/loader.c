#include "loader.h"

#include <limits.h>

struct trace_query *loader_prepare(struct loader *loader, const char *sql)
{
    if (loader->failed)
        return NULL;
    struct trace_query *query = trace_prepare(loader->trace, sql);
    if (!query)
        loader->failed = true;
    return query;
}

bool loader_next(struct loader *loader, struct trace_query *query)
{
    int rc = query ? trace_step(query) : 0;
    if (rc < 0)
        loader->failed = true;
    return rc > 0;
}

struct trace_query *loader_row(struct loader *loader, const char *sql, int64_t id)
{
    struct trace_query *query = loader_prepare(loader, sql);
    if (!query)
        return NULL;
    trace_bind(query, 1, id);
    if (loader_next(loader, query))
        return query;
    trace_finish(query);
    return NULL;
}

const char *loader_text(struct loader *loader, struct trace_query *query, int column)
{
    const char *text = trace_text(query, column);
    return text && *text ? arena_text(loader->memory, text) : NULL;
}

int64_t loader_time(struct trace_query *query, int column)
{
    return trace_is_null(query, column) ? MODEL_NEVER : trace_int(query, column);
}

int loader_int(struct trace_query *query, int column)
{
    int64_t value = trace_int(query, column);
    return value > INT_MAX ? INT_MAX : value < INT_MIN ? INT_MIN : (int)value;
}

bool loader_has_indexes(struct loader *loader)
{
    struct trace_query *row = loader_prepare(
        loader, "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name IN ('task_open', 'await_by_task')");
    int found = 0;
    while (loader_next(loader, row))
        found++;
    trace_finish(row);
    return found == 2;
}
