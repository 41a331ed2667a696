#include "summary.h"
#include "alloc.h"
#include "loader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define STEPS_LOOKED_AT 2000000 /* the longest is sought only among so many: it takes a look at every one */

static int64_t count(struct loader *loader, const char *sql)
{
    struct trace_query *row = loader_prepare(loader, sql);
    int64_t value = loader_next(loader, row) ? trace_int(row, 0) : 0;
    trace_finish(row);
    return value;
}

/* A count that sums of a few do not overflow, whatever the trace says. */
static int64_t plausible(int64_t value)
{
    return value < 0 ? 0 : value > INT64_MAX / 8 ? INT64_MAX / 8 : value;
}

static int64_t total(struct loader *loader, const char *key, const char *count_sql)
{
    return plausible(load_total(loader, key, count_sql));
}

static int64_t minus(int64_t all, int64_t some)
{
    return all < some ? 0 : all - some;
}

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

/* What is counted by facts is worded so that the indexes of judged tasks and coroutines serve. Facts: PENDING 1,
 * UNSETTLED 64, UNRETRIEVED 128, NEVER_AWAITED 512. */
static void load_figures(struct loader *loader, const struct model_run *run, struct model_figures *out)
{
    bool judged = run->ending == MODEL_COMPLETE || run->ending == MODEL_EXITED;
    *out = (struct model_figures){.tasks = plausible(run->tasks), .events = plausible(run->events)};
    out->done = total(loader, "tasks_done", "SELECT count(*) FROM task WHERE state = 'done'");
    out->failed = total(loader, "tasks_failed", "SELECT count(*) FROM task WHERE state = 'failed'");
    out->cancelled = total(loader, "tasks_cancelled", "SELECT count(*) FROM task WHERE state = 'cancelled'");
    out->pending = judged ? count(loader, "SELECT count(*) FROM task WHERE facts <> 0 AND facts & 1")
                          : minus(out->tasks, out->done + out->failed + out->cancelled);
    out->futures = total(loader, "futures", "SELECT count(*) FROM future");
    out->objects = total(loader, "objects", "SELECT count(*) FROM object");
    out->awaits = total(loader, "awaits", "SELECT count(*) FROM await");
    out->cancels = total(loader, "cancels", "SELECT count(*) FROM cancel");
    out->steps = total(loader, "steps", "SELECT count(*) FROM step");
    out->coros = minus(plausible(run->coros), out->tasks);
    out->bytes = size_of(trace_path(loader->trace));
    out->joined = out->awaited = out->retrieved = -1;
    if (!judged)
        return;
    out->joined = minus(minus(out->tasks, out->pending),
                        count(loader, "SELECT count(*) FROM task WHERE facts <> 0 AND facts & 64 AND NOT facts & 1"));
    out->awaited = minus(out->coros, count(loader, "SELECT count(*) FROM coro WHERE facts <> 0 AND facts & 512"));
    out->retrieved = minus(out->failed, count(loader, "SELECT count(*) FROM task WHERE facts <> 0 AND facts & 128"));
}

/* ---- records ---- */

/* A task, a figure, a site. */
static void load_record(struct loader *loader, const char *sql, struct model_record *out)
{
    *out = (struct model_record){.ns = MODEL_NEVER};
    struct trace_query *row = loader_prepare(loader, sql);
    if (!loader_next(loader, row)) {
        trace_finish(row);
        return;
    }
    out->ref = (struct model_ref){MODEL_TASK, trace_int(row, 0)};
    out->ns = loader_time(row, 1);
    int64_t site = trace_int(row, 2);
    trace_finish(row);
    out->label = load_label(loader, out->ref);
    load_site(loader, site, &out->site);
}

static const char life_sql[] =
    "SELECT p.task_id, p.value, t.site_id FROM top_task p LEFT JOIN task t ON t.id = p.task_id"
    " WHERE p.kind = 'life' ORDER BY p.rank LIMIT 1";
/* Where it waited so long: one task's awaits are looked at, through the index. */
static const char wait_sql[] = "SELECT p.task_id, p.value, (SELECT a.site_id FROM await a WHERE a.task_id = p.task_id"
                               " ORDER BY a.ended_ns - a.began_ns DESC, a.id LIMIT 1) FROM top_task p WHERE p.kind = "
                               "'wait' ORDER BY p.rank LIMIT 1";
static const char plain_wait_sql[] = "SELECT p.task_id, p.value, t.site_id FROM top_task p LEFT JOIN task t"
                                     " ON t.id = p.task_id WHERE p.kind = 'wait' ORDER BY p.rank LIMIT 1";
static const char run_sql[] = "SELECT p.task_id, p.ns, t.site_id FROM (SELECT task_id, max(ended_ns - began_ns) AS ns"
                              " FROM step) p LEFT JOIN task t ON t.id = p.task_id WHERE p.ns IS NOT NULL";

static void load_records(struct loader *loader, struct model_summary *out)
{
    bool looks = out->figures.steps > 0 && out->figures.steps <= STEPS_LOOKED_AT;
    load_record(loader, life_sql, &out->longest_life);
    load_record(loader, loader_has_indexes(loader) ? wait_sql : plain_wait_sql, &out->slowest_wait);
    out->longest_run = (struct model_record){.ns = MODEL_NEVER};
    if (looks)
        load_record(loader, run_sql, &out->longest_run);
}

/* A task's own coroutine is counted as the task, here as in the figures. */
static const char sites_sql[] =
    "SELECT min(p.site_id), sum(p.tasks), max(sum(p.coros) - sum(p.tasks), 0), sum(p.awaits) FROM site_stat p JOIN "
    "site s ON s.id = p.site_id"
    " GROUP BY s.file, s.line ORDER BY sum(p.tasks) + sum(p.coros) + sum(p.awaits) DESC, 1 LIMIT ?1";

static void load_sites(struct loader *loader, struct model_summary *out)
{
    struct model_busy_site *sites = arena_alloc(loader->memory, MODEL_SITES, sizeof *sites);
    int64_t ids[MODEL_SITES] = {0};
    struct trace_query *row = loader_prepare(loader, sites_sql);
    if (row)
        trace_bind(row, 1, MODEL_SITES);
    while (out->sites_count < MODEL_SITES && loader_next(loader, row)) {
        ids[out->sites_count] = trace_int(row, 0);
        sites[out->sites_count++] = (struct model_busy_site){
            .tasks = trace_int(row, 1), .coros = trace_int(row, 2), .awaits = trace_int(row, 3)};
    }
    trace_finish(row);
    for (size_t i = 0; i < out->sites_count; i++)
        load_site(loader, ids[i], &sites[i].site);
    out->sites = sites;
}

/* ---- classes ---- */

static void count_classes(struct loader *loader, const struct model_snapshot *snapshot, struct model_summary *out)
{
    struct model_class_count *classes = arena_alloc(loader->memory, model_classes_count, sizeof *classes);
    for (size_t i = 0; i < snapshot->groups_count; i++) {
        const struct model_group *group = &snapshot->groups[i];
        size_t at = 0;
        while (at < out->classes_count && strcmp(classes[at].class, group->class) != 0)
            at++;
        if (at == model_classes_count)
            continue;
        out->classes_count += at == out->classes_count;
        classes[at].class = group->class;
        classes[at].error = classes[at].error || group->error;
        *(group->suppressed_by ? &classes[at].suppressed : &classes[at].leaks) += group->count;
        *(group->suppressed_by ? &out->suppressed : &out->leaks) += group->count;
    }
    out->classes = classes;
}

int model_summary_load(struct trace *trace, const struct model_snapshot *snapshot, struct model_summary *out, char *why,
                       size_t room)
{
    struct arena *memory = xcalloc(1, sizeof *memory);
    struct loader loader = {.trace = trace, .memory = memory};
    *out = (struct model_summary){.memory = memory};
    trace_begin_reading(trace);
    load_run(&loader, &out->run);
    load_figures(&loader, &out->run, &out->figures);
    load_records(&loader, out);
    load_sites(&loader, out);
    trace_end_reading(trace);
    count_classes(&loader, snapshot, out);
    if (!loader.failed)
        return 0;
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    model_summary_free(out);
    return -EIO;
}

void model_summary_free(struct model_summary *summary)
{
    if (summary->memory) {
        arena_free(summary->memory);
        free(summary->memory);
    }
    *summary = (struct model_summary){0};
}
