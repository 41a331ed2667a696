/* What tasks did between their first step and their end, as awaits tell: they waited, or they did not. */
#include "alloc.h"
#include "timeline/paint.h"

#include <stdlib.h>

struct wait {
    uint32_t lane;
    struct span span;
};

struct waits_seen {
    struct wait *items;
    size_t count, capacity;
};

#define SEEN "began_ns < ?2 AND (ended_ns IS NULL OR ended_ns >= ?1)"
static const char of_all[] = "SELECT task_id, began_ns, ended_ns FROM await WHERE " SEEN;
static const char of_one[] = "SELECT task_id, began_ns, ended_ns FROM await WHERE task_id = ?3 AND " SEEN;

static int by_lane(const void *left, const void *right)
{
    const struct wait *a = left, *b = right;
    if (a->lane != b->lane)
        return a->lane < b->lane ? -1 : 1;
    return (a->span.from_ns > b->span.from_ns) - (a->span.from_ns < b->span.from_ns);
}

static void collect(struct loader *loader, struct canvas *canvas, struct trace_query *row, struct waits_seen *seen)
{
    while (loader_next(loader, row)) {
        uint32_t lane = refmap_find(&canvas->lanes, (struct model_ref){MODEL_TASK, trace_int(row, 0)});
        if (lane == REFMAP_NONE)
            continue;
        X_GROW(seen->items, seen->count, seen->capacity);
        seen->items[seen->count++] = (struct wait){lane, {loader_time(row, 1), loader_time(row, 2)}};
    }
}

/* Through the index of a finished trace lane by lane, else with one look at every await. */
static void read_waits(struct loader *loader, struct canvas *canvas, struct waits_seen *seen)
{
    bool indexed = loader_has_indexes(loader);
    struct trace_query *row = loader_prepare(loader, indexed ? of_one : of_all);
    if (!row)
        return;
    trace_bind(row, 1, canvas->window->from_ns);
    trace_bind(row, 2, canvas->window->to_ns);
    for (uint32_t lane = 0; indexed && lane < canvas->lanes.count; lane++) {
        trace_reset(row);
        trace_bind(row, 3, canvas->lanes.refs[lane].id);
        collect(loader, canvas, row, seen);
    }
    if (!indexed)
        collect(loader, canvas, row, seen);
    trace_finish(row);
    if (seen->count)
        qsort(seen->items, seen->count, sizeof *seen->items, by_lane);
}

/* Between two awaits a task ran; or, where steps tell better, was ready to run. */
static void paint_gap(struct canvas *canvas, uint32_t lane, int64_t from_ns, int64_t to_ns)
{
    if (to_ns != MODEL_NEVER && to_ns < from_ns)
        return;
    if (!canvas->steps)
        canvas_paint(canvas, lane, MODEL_LANE_RUNNING, (struct span){from_ns, to_ns});
    else if (to_ns != from_ns)
        canvas_paint(canvas, lane, MODEL_LANE_READY, (struct span){from_ns, to_ns});
}

/* The waits of one lane, in order. */
static void paint_lane(struct canvas *canvas, uint32_t lane, const struct wait *waits, size_t count)
{
    struct span life = canvas->lives[lane];
    if (life.from_ns == MODEL_NEVER)
        return;
    int64_t at = life.from_ns > canvas->window->from_ns ? life.from_ns : canvas->window->from_ns;
    bool forever = false;
    for (size_t i = 0; i < count; i++) {
        struct span wait = waits[i].span;
        if (wait.to_ns == MODEL_NEVER)
            wait.to_ns = life.to_ns;
        if (wait.from_ns >= at)
            paint_gap(canvas, lane, at, wait.from_ns);
        if (wait.to_ns != wait.from_ns)
            canvas_paint(canvas, lane, MODEL_LANE_WAITING, wait);
        forever = forever || wait.to_ns == MODEL_NEVER;
        if (wait.to_ns > at)
            at = wait.to_ns;
    }
    if (!forever && (life.to_ns == MODEL_NEVER || life.to_ns >= at))
        paint_gap(canvas, lane, at, life.to_ns);
}

void canvas_paint_awaits(struct loader *loader, struct canvas *canvas)
{
    struct waits_seen seen = {0};
    read_waits(loader, canvas, &seen);
    size_t at = 0;
    for (uint32_t lane = 0; lane < canvas->lanes.count; lane++) {
        size_t first = at;
        while (at < seen.count && seen.items[at].lane == lane)
            at++;
        paint_lane(canvas, lane, &seen.items[first], at - first);
    }
    free(seen.items);
}
