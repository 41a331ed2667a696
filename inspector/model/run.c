/* The run as a whole: how it ended, what is missing, what was counted. */
#include "loader.h"

#include <string.h>

static enum model_ending ending_of(struct trace *trace, const char *kind)
{
    if (trace_is_live(trace))
        return MODEL_LIVE;
    if (kind && strcmp(kind, "complete") == 0)
        return MODEL_COMPLETE;
    if (kind && strcmp(kind, "exited") == 0)
        return MODEL_EXITED;
    if (kind && strcmp(kind, "crashed") == 0)
        return MODEL_CRASHED;
    return MODEL_UNFINISHED;
}

static int64_t one_number(struct loader *loader, const char *sql)
{
    struct trace_query *row = loader_prepare(loader, sql);
    int64_t value = loader_next(loader, row) ? trace_int(row, 0) : 0;
    trace_finish(row);
    return value;
}

int64_t load_total(struct loader *loader, const char *key, const char *count_sql)
{
    struct trace_query *row = loader_prepare(loader, "SELECT value FROM total WHERE key = ?1");
    if (!row)
        return 0;
    trace_bind_text(row, 1, key);
    bool known = loader_next(loader, row);
    int64_t value = known ? trace_int(row, 0) : 0;
    trace_finish(row);
    return known ? value : one_number(loader, count_sql);
}

void load_run(struct loader *loader, struct model_run *out)
{
    *out = (struct model_run){.ending = trace_is_live(loader->trace) ? MODEL_LIVE : MODEL_UNFINISHED};
    struct trace_query *row = loader_prepare(loader, "SELECT pid, exit_code, argv, level, began_unix_ns, ended_ns,"
                                                     " end_kind, dropped FROM run ORDER BY id DESC LIMIT 1");
    if (loader_next(loader, row)) {
        out->pid = loader_int(row, 0);
        out->exit_code = loader_int(row, 1);
        out->argv = loader_text(loader, row, 2);
        out->level = loader_text(loader, row, 3);
        out->began_unix_ns = trace_int(row, 4);
        out->ended_ns = loader_time(row, 5);
        out->ending = ending_of(loader->trace, trace_text(row, 6));
        out->dropped = trace_int(row, 7);
    }
    trace_finish(row);
    int64_t dropped = one_number(loader, "SELECT coalesce(sum(events), 0) FROM dropped");
    if (dropped > out->dropped)
        out->dropped = dropped;
    out->now_ns = one_number(loader, "SELECT coalesce(max(last_ns), 0) FROM drain");
    out->events = load_total(loader, "events", "SELECT 0");
    out->tasks = load_total(loader, "tasks", "SELECT count(*) FROM task");
    out->coros = load_total(loader, "coros", "SELECT count(*) FROM coro");
    if (out->ending == MODEL_CRASHED || out->ending == MODEL_LIVE)
        out->pending = one_number(loader, "SELECT count(*) FROM task WHERE state = 'pending'");
}

int64_t model_run_began(struct trace *trace)
{
    struct loader loader = {.trace = trace};
    return one_number(&loader, "SELECT began_unix_ns FROM run ORDER BY id DESC LIMIT 1");
}

const char *load_repair_note(struct loader *loader)
{
    struct trace_query *row = loader_prepare(loader, "SELECT value FROM meta WHERE key = 'repaired'");
    const char *note = loader_next(loader, row) ? loader_text(loader, row, 0) : NULL;
    trace_finish(row);
    return note;
}
