/* What one task did at an instant, and what came before and after. */
#include "alloc.h"
#include "graph/captions.h"
#include "timeline/timeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define EVENTS                                                                                                         \
    "(SELECT created_ns AS at FROM task WHERE id = ?1 UNION ALL SELECT began_ns FROM task WHERE id = ?1"               \
    " UNION ALL SELECT lost_ns FROM task WHERE id = ?1 UNION ALL SELECT ended_ns FROM task WHERE id = ?1"              \
    " UNION ALL SELECT began_ns FROM await WHERE task_id = ?1 UNION ALL SELECT ended_ns FROM await WHERE task_id = "   \
    "?1)"

int model_lane_event(struct trace *trace, int64_t task, int64_t at_ns, bool forward, int64_t *out)
{
    struct loader loader = {.trace = trace};
    struct trace_query *row = loader_prepare(&loader, forward ? "SELECT min(at) FROM " EVENTS " WHERE at > ?2"
                                                              : "SELECT max(at) FROM " EVENTS " WHERE at < ?2");
    int rc = -ENOENT;
    if (row) {
        trace_bind(row, 1, task);
        trace_bind(row, 2, at_ns);
    }
    if (loader_next(&loader, row) && !trace_is_null(row, 0)) {
        *out = trace_int(row, 0);
        rc = 0;
    }
    trace_finish(row);
    return loader.failed ? -EIO : rc;
}

struct look {
    struct loader *loader;
    struct captions *captions;
    int64_t task, created, began, ended;
    bool steps;
};

/* The first row of a question about the task (?1) and a time (?2); to be finished. */
static struct trace_query *ask(struct look *look, const char *sql, int64_t at_ns)
{
    struct trace_query *row = loader_prepare(look->loader, sql);
    if (!row)
        return NULL;
    trace_bind(row, 1, look->task);
    trace_bind(row, 2, at_ns);
    if (loader_next(look->loader, row))
        return row;
    trace_finish(row);
    return NULL;
}

static int64_t time_of(struct look *look, const char *sql, int64_t at_ns)
{
    struct trace_query *row = ask(look, sql, at_ns);
    int64_t at = row ? loader_time(row, 0) : MODEL_NEVER;
    trace_finish(row);
    return at;
}

static bool waits_at(struct look *look, int64_t at_ns, struct model_stretch *out)
{
    struct trace_query *row =
        ask(look,
            "SELECT target_kind, target_id, sleep_us, site_id, began_ns, ended_ns FROM await WHERE task_id = ?1 AND"
            " began_ns <= ?2 AND (ended_ns IS NULL OR ended_ns > ?2) ORDER BY began_ns DESC, id DESC LIMIT 1",
            at_ns);
    if (!row)
        return false;
    struct waits_edge edge = {.target = {model_kind_of(trace_text(row, 0)), trace_int(row, 1)},
                              .sleep_us = trace_is_null(row, 2) ? -1 : trace_int(row, 2)};
    int64_t site = trace_int(row, 3);
    *out = (struct model_stretch){
        .state = MODEL_LANE_WAITING, .from_ns = loader_time(row, 4), .to_ns = loader_time(row, 5)};
    trace_finish(row);
    load_site(look->loader, site, &out->site);
    out->what = caption_wait(look->captions, &edge, out->site.expr, 0, 0);
    return true;
}

/* Between two awaits: what steps tell of it. */
static void narrow_to_step(struct look *look, int64_t at_ns, struct model_stretch *out)
{
    int64_t began = time_of(look, "SELECT max(began_ns) FROM step WHERE task_id = ?1 AND began_ns <= ?2", at_ns);
    int64_t over = time_of(look, "SELECT max(ended_ns) FROM step WHERE task_id = ?1 AND ended_ns <= ?2", at_ns);
    bool runs = began != MODEL_NEVER && (over == MODEL_NEVER || over < began);
    int64_t next = time_of(look,
                           runs ? "SELECT min(ended_ns) FROM step WHERE task_id = ?1 AND ended_ns > ?2"
                                : "SELECT min(began_ns) FROM step WHERE task_id = ?1 AND began_ns > ?2",
                           at_ns);
    int64_t from = runs ? began : over;
    out->state = runs ? MODEL_LANE_RUNNING : MODEL_LANE_READY;
    if (from > out->from_ns)
        out->from_ns = from;
    if (next != MODEL_NEVER && (out->to_ns == MODEL_NEVER || next < out->to_ns))
        out->to_ns = next;
}

static void runs_at(struct look *look, int64_t at_ns, struct model_stretch *out)
{
    int64_t last = time_of(look, "SELECT max(ended_ns) FROM await WHERE task_id = ?1 AND ended_ns <= ?2", at_ns);
    int64_t next = time_of(look, "SELECT min(began_ns) FROM await WHERE task_id = ?1 AND began_ns > ?2", at_ns);
    *out = (struct model_stretch){.state = MODEL_LANE_RUNNING, .from_ns = look->began, .to_ns = look->ended};
    if (last > out->from_ns)
        out->from_ns = last;
    if (next != MODEL_NEVER && (out->to_ns == MODEL_NEVER || next < out->to_ns))
        out->to_ns = next;
    if (look->steps)
        narrow_to_step(look, at_ns, out);
}

static void stretch_at(struct look *look, int64_t at_ns, struct model_stretch *out)
{
    *out = (struct model_stretch){.from_ns = MODEL_NEVER, .to_ns = MODEL_NEVER};
    bool lives =
        look->created != MODEL_NEVER && look->created <= at_ns && (look->ended == MODEL_NEVER || at_ns < look->ended);
    if (!lives)
        return;
    if (look->began == MODEL_NEVER || at_ns < look->began)
        *out = (struct model_stretch){.state = MODEL_LANE_READY,
                                      .from_ns = look->created,
                                      .to_ns = look->began != MODEL_NEVER ? look->began : look->ended};
    else if (!waits_at(look, at_ns, out))
        runs_at(look, at_ns, out);
}

static void look_around(struct look *look, int64_t at_ns, struct model_moment *out)
{
    stretch_at(look, at_ns, &out->stretches[1]);
    const struct model_stretch *here = &out->stretches[1];
    if (here->state == MODEL_LANE_NOTHING)
        return;
    if (here->from_ns > look->created)
        stretch_at(look, here->from_ns - 1, &out->stretches[0]);
    if (here->to_ns != MODEL_NEVER)
        stretch_at(look, here->to_ns, &out->stretches[2]);
}

int model_lane_moment(struct trace *trace, int64_t task, int64_t at_ns, struct model_moment *out, char *why,
                      size_t room)
{
    struct arena *memory = xcalloc(1, sizeof *memory);
    struct loader loader = {.trace = trace, .memory = memory};
    struct captions captions;
    *out = (struct model_moment){.memory = memory};
    captions_begin(&captions, &loader);
    struct trace_query *row = loader_row(
        &loader, "SELECT created_ns, began_ns, ended_ns, EXISTS (SELECT 1 FROM step) FROM task WHERE id = ?1", task);
    struct look look = {.loader = &loader, .captions = &captions, .task = task, .created = MODEL_NEVER};
    if (row) {
        look.created = loader_time(row, 0);
        look.began = loader_time(row, 1);
        look.ended = loader_time(row, 2);
        look.steps = trace_int(row, 3) != 0;
    }
    trace_finish(row);
    look_around(&look, at_ns, out);
    captions_end(&captions);
    if (!loader.failed)
        return 0;
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    model_moment_free(out);
    return -EIO;
}

void model_moment_free(struct model_moment *moment)
{
    if (moment->memory) {
        arena_free(moment->memory);
        free(moment->memory);
    }
    *moment = (struct model_moment){0};
}
