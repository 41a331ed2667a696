/* --to folded: lines "a;b;c N" for flame graphs (flamegraph.pl, inferno, speedscope). A path is who created whom down
 * to a task, then the coroutines that it ran inline, by the names of their functions; N is, by --weight, the
 * microseconds that were waited there (the last name then tells for what), the lives of tasks, or their number. */
#include "alloc.h"
#include "export_private.h"
#include "paths.h"

#include <stdlib.h>

#define REMEMBERED 65536 /* paths of tasks and bodies; what was forgotten is asked for again */

struct remembered {
    struct model_ref ref;
    uint32_t path;
};

struct folder {
    struct export_run run;
    struct paths *paths;
    struct trace_query *task, *body; /* by id: 0-1 what is above it, 2 its function */
    struct remembered *memory;
};

static struct remembered *slot_of(struct folder *folder, struct model_ref ref)
{
    return &folder->memory[((uint64_t)ref.id * 2 + (ref.kind == MODEL_CORO)) % REMEMBERED];
}

static bool recall(struct folder *folder, struct model_ref ref, uint32_t *path)
{
    const struct remembered *slot = slot_of(folder, ref);
    if (slot->ref.kind != ref.kind || slot->ref.id != ref.id)
        return false;
    *path = slot->path;
    return true;
}

/* What is above a task: its creator; above a body: the body around it, or its task. */
static struct model_ref above(struct trace_query *row, enum model_kind kind)
{
    if (kind == MODEL_CORO && !trace_is_null(row, 0))
        return (struct model_ref){MODEL_CORO, trace_int(row, 0)};
    if (!trace_is_null(row, 1))
        return (struct model_ref){MODEL_TASK, trace_int(row, 1)};
    return (struct model_ref){0};
}

static struct trace_query *look_up(struct folder *folder, struct model_ref ref)
{
    struct trace_query *row = ref.kind == MODEL_CORO ? folder->body : folder->task;
    if (!row)
        return NULL;
    trace_reset(row);
    trace_bind(row, 1, ref.id);
    return loader_next(&folder->run.loader, row) ? row : NULL;
}

/* Up to one whose path is known, then down again. A chain that is longer than a path may be begins in its middle. */
static uint32_t path_of(struct folder *folder, struct model_ref ref)
{
    struct {
        struct model_ref ref;
        char *name;
    } chain[PATHS_DEPTH];
    size_t depth = 0;
    uint32_t path = 0;
    while (ref.kind != MODEL_NONE && depth < PATHS_DEPTH && !recall(folder, ref, &path)) {
        struct trace_query *row = look_up(folder, ref);
        const char *name = row ? trace_text(row, 2) : NULL;
        if (!row && depth > 0)
            break; /* made by what the trace does not have: the path begins below it */
        chain[depth].ref = ref;
        chain[depth++].name = xstrdup(name ? name : "?");
        ref = row ? above(row, ref.kind) : (struct model_ref){0};
    }
    while (depth-- > 0) {
        path = paths_child(folder->paths, path, chain[depth].name);
        *slot_of(folder, chain[depth].ref) = (struct remembered){chain[depth].ref, path};
        free(chain[depth].name);
    }
    return path;
}

static uint64_t span_of(struct folder *folder, struct trace_query *row, int from, int to)
{
    int64_t began = export_time(&folder->run, row, from, 0);
    int64_t ended = export_time(&folder->run, row, to, folder->run.end_ns);
    return ended > began ? (uint64_t)(ended - began) : 0;
}

/* 0 task, 1 body, 2 what it waits for, 3 began, 4 ended */
static void fold_waits(struct folder *folder)
{
    struct loader *loader = &folder->run.loader;
    struct trace_query *row =
        loader_prepare(loader, "SELECT a.task_id, a.coro_id, coalesce(o.kind, a.target_kind), a.began_ns, a.ended_ns"
                               " FROM await a LEFT JOIN object o ON a.target_kind = 'object' AND o.id = a.target_id");
    while (loader_next(loader, row)) {
        if (!export_takes(&folder->run, trace_int(row, 0)))
            continue;
        struct model_ref ref = {trace_is_null(row, 1) ? MODEL_TASK : MODEL_CORO,
                                trace_int(row, trace_is_null(row, 1) ? 0 : 1)};
        char reason[64];
        const char *kind = trace_text(row, 2);
        snprintf(reason, sizeof reason, "[%.50s]", kind ? kind : "?");
        uint32_t path = paths_child(folder->paths, path_of(folder, ref), reason);
        paths_add(folder->paths, path, span_of(folder, row, 3, 4));
    }
    trace_finish(row);
}

static void fold_tasks(struct folder *folder, bool count)
{
    struct loader *loader = &folder->run.loader;
    struct trace_query *row = loader_prepare(loader, "SELECT id, created_ns, ended_ns FROM task");
    while (loader_next(loader, row)) {
        if (!export_takes(&folder->run, trace_int(row, 0)))
            continue;
        uint32_t path = path_of(folder, (struct model_ref){MODEL_TASK, trace_int(row, 0)});
        paths_add(folder->paths, path, count ? 1 : span_of(folder, row, 1, 2));
    }
    trace_finish(row);
}

static void begin(struct folder *folder, struct export_job *job)
{
    export_begin(&folder->run, job);
    struct loader *loader = &folder->run.loader;
    folder->paths = paths_new();
    folder->memory = xcalloc(REMEMBERED, sizeof *folder->memory);
    folder->task = loader_prepare(loader, "SELECT NULL, t.creator_task_id, coalesce(f.func, s.expr) FROM task t"
                                          " LEFT JOIN site s ON s.id = t.coro_site_id"
                                          " LEFT JOIN frame f ON f.id = t.function_frame_id WHERE t.id = ?1");
    folder->body = loader_prepare(loader, "SELECT c.parent_coro_id, c.awaiter_task_id, coalesce(f.func, s.expr)"
                                          " FROM coro c LEFT JOIN site s ON s.id = c.site_id"
                                          " LEFT JOIN frame f ON f.id = c.function_frame_id WHERE c.id = ?1");
}

int export_folded(struct export_job *job)
{
    struct folder folder = {0};
    bool count = job->weight == EXPORT_COUNT;
    begin(&folder, job);
    if (job->weight == EXPORT_WAIT)
        fold_waits(&folder);
    else
        fold_tasks(&folder, count);
    paths_print(folder.paths, count ? 1 : 1000, job->out);
    if (paths_were_cut(folder.paths))
        snprintf(job->note, sizeof job->note,
                 "paths of more than %d names, or beyond the first %d, count for their beginning", PATHS_DEPTH,
                 PATHS_MOST);
    trace_finish(folder.task);
    trace_finish(folder.body);
    paths_free(folder.paths);
    free(folder.memory);
    return export_end(&folder.run);
}
