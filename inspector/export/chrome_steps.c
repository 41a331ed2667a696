#include "chrome.h"
#include "alloc.h"

#include <inttypes.h>
#include <stdlib.h>

/* Steps of different threads come mixed, one thread's in order: where each has got to. */
struct lane {
    int64_t thread, now_ns;
};

struct lanes {
    struct lane *items; /* by thread */
    size_t count, capacity;
};

static int by_thread(const void *left, const void *right)
{
    const struct lane *a = left, *b = right;
    return (a->thread > b->thread) - (a->thread < b->thread);
}

static void name_lane(struct emit *emit, struct trace_query *row)
{
    char name[300];
    const char *given = trace_text(row, 2);
    snprintf(name, sizeof name, "thread %" PRId64 " %.200s", trace_int(row, 1), given ? given : "");
    chrome_name(emit, CHROME_THREADS, trace_int(row, 0), "thread_name", name);
}

static void load_lanes(struct export_run *run, struct emit *emit, struct lanes *lanes)
{
    struct trace_query *row = loader_prepare(&run->loader, "SELECT id, tid, name FROM thread ORDER BY id");
    while (loader_next(&run->loader, row)) {
        X_GROW(lanes->items, lanes->count, lanes->capacity);
        lanes->items[lanes->count++] = (struct lane){trace_int(row, 0), 0};
        name_lane(emit, row);
    }
    trace_finish(row);
}

static bool has_steps(struct export_run *run)
{
    struct trace_query *row = loader_prepare(&run->loader, "SELECT 1 FROM step LIMIT 1");
    bool has = loader_next(&run->loader, row);
    trace_finish(row);
    return has;
}

/* 0 thread, 1 began, 2 ended, 3 task, 4-5 its name */
static const char steps_sql[] =
    "SELECT t.thread_id, p.began_ns, p.ended_ns, p.task_id, t.name, coalesce(f.func, s.expr)"
    " FROM step p JOIN task t ON t.id = p.task_id LEFT JOIN site s ON s.id = t.coro_site_id"
    " LEFT JOIN frame f ON f.id = t.function_frame_id ORDER BY p.id";

static void emit_step(struct export_run *run, struct chrome_track *track, struct trace_query *row, struct lane *lane)
{
    struct buffer name = {0};
    buffer_format(&name, "#%" PRId64 " %s", trace_int(row, 3), export_label(row, 4, 5));
    const struct chrome_slice slice = {.name = buffer_text(&name),
                                       .category = "step",
                                       .began_ns = export_time(run, row, 1, 0),
                                       .ended_ns = export_time(run, row, 2, run->end_ns),
                                       .unfinished = trace_is_null(row, 2)};
    track->id = lane->thread;
    track->now_ns = lane->now_ns;
    chrome_slice(track, &slice);
    chrome_track_close(track);
    lane->now_ns = track->now_ns;
    buffer_free(&name);
}

void chrome_steps(struct export_run *run, struct chrome_track *track)
{
    struct lanes lanes = {0};
    if (!has_steps(run))
        return;
    chrome_name(track->emit, CHROME_THREADS, 0, "process_name", "threads");
    load_lanes(run, track->emit, &lanes);
    track->process = CHROME_THREADS;
    struct trace_query *row = loader_prepare(&run->loader, steps_sql);
    while (loader_next(&run->loader, row)) {
        const struct lane key = {trace_int(row, 0), 0};
        struct lane *lane = lanes.count ? bsearch(&key, lanes.items, lanes.count, sizeof key, by_thread) : NULL;
        if (lane && export_takes(run, trace_int(row, 3)))
            emit_step(run, track, row, lane);
    }
    trace_finish(row);
    free(lanes.items);
}
