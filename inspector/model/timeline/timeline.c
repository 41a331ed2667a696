#include "timeline/timeline.h"
#include "alloc.h"
#include "timeline/paint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char task_sql[] = "SELECT t.created_ns, t.began_ns, t.ended_ns, t.state,"
                               " CASE WHEN t.lost_ns > coalesce(t.held_ns, -1) THEN t.lost_ns END, t.facts & 1, t.name,"
                               " coalesce(f.func, s.expr) FROM task t LEFT JOIN site s ON s.id = t.coro_site_id"
                               " LEFT JOIN frame f ON f.id = t.function_frame_id WHERE t.id = ?1";

static enum model_lane_state end_state(const char *state)
{
    if (state && strcmp(state, "failed") == 0)
        return MODEL_LANE_FAILED;
    return state && strcmp(state, "cancelled") == 0 ? MODEL_LANE_CANCELLED : MODEL_LANE_DONE;
}

static const char *label_of(struct loader *loader, struct trace_query *row, struct model_ref ref)
{
    char text[MODEL_REF_TEXT];
    struct model_subject subject = {
        .ref = ref, .name = loader_text(loader, row, 6), .coro = loader_text(loader, row, 7)};
    model_ref_text(ref, text);
    return arena_format(loader->memory, *model_label(&subject) ? "%s %s" : "%s", text, model_label(&subject));
}

/* What is the same with and without steps: birth, end, and what lies outside the window. */
static void paint_life(struct canvas *canvas, uint32_t lane, struct trace_query *row)
{
    const struct model_window *window = canvas->window;
    int64_t created = loader_time(row, 0), began = loader_time(row, 1), ended = loader_time(row, 2);
    bool begun = began != MODEL_NEVER;
    canvas->lives[lane] = (struct span){begun ? began : MODEL_NEVER, ended};
    if (!begun || began > created)
        canvas_paint(canvas, lane, MODEL_LANE_READY, (struct span){created, begun ? began : ended});
    canvas_mark(canvas, lane, MODEL_LANE_LOST, loader_time(row, 4));
    if (ended != MODEL_NEVER)
        canvas_mark(canvas, lane, end_state(trace_text(row, 3)), ended);
    struct span life = {created != MODEL_NEVER ? created : began, ended};
    if (!span_is_seen(window, life))
        return;
    if (life.from_ns < window->from_ns)
        canvas_mark(canvas, lane, MODEL_LANE_BEFORE, window->from_ns);
    if (ended == MODEL_NEVER || ended > window->to_ns)
        canvas_mark(canvas, lane, MODEL_LANE_AFTER, window->to_ns);
}

static void load_lanes(struct loader *loader, struct canvas *canvas, const struct model_spawned *tasks,
                       struct model_timeline *out)
{
    struct trace_query *row = loader_prepare(loader, task_sql);
    char text[MODEL_REF_TEXT];
    for (uint32_t i = 0; i < out->count; i++) {
        struct model_lane *lane = &out->lanes[i];
        *lane = (struct model_lane){
            .ref = {MODEL_TASK, tasks[i].id}, .depth = tasks[i].depth, .children = tasks[i].below > 0};
        canvas->lives[i].from_ns = MODEL_NEVER;
        if (row) {
            trace_reset(row);
            trace_bind(row, 1, tasks[i].id);
        }
        if (!loader_next(loader, row)) {
            lane->label = arena_text(loader->memory, model_ref_text(lane->ref, text));
            continue;
        }
        lane->leaked = trace_int(row, 5) != 0;
        lane->label = label_of(loader, row, lane->ref);
        paint_life(canvas, i, row);
    }
    trace_finish(row);
}

static bool has_steps(struct loader *loader)
{
    struct trace_query *row = loader_prepare(loader, "SELECT 1 FROM step LIMIT 1");
    bool has = loader_next(loader, row);
    trace_finish(row);
    return has;
}

/* States become glyphs. */
static void finish_cells(struct canvas *canvas, struct model_timeline *out)
{
    unsigned columns = canvas->window->columns;
    for (size_t i = 0; i < out->count; i++) {
        char *cells = arena_alloc(out->memory, columns + 1, 1);
        for (unsigned column = 0; column < columns; column++)
            cells[column] = model_lane_glyph((enum model_lane_state)canvas->cells[i * columns + column]);
        out->lanes[i].cells = cells;
    }
}

static void paint_all(struct loader *loader, struct canvas *canvas, struct model_timeline *out)
{
    canvas_paint_awaits(loader, canvas);
    canvas_paint_cycles(loader, canvas);
    if (!canvas->steps)
        return;
    char *busy = arena_alloc(out->memory, canvas->window->columns + 1, 1);
    char *ready = arena_alloc(out->memory, canvas->window->columns + 1, 1);
    canvas_paint_steps(loader, canvas, busy, ready);
    out->busy = busy;
    out->ready = ready;
}

int model_timeline_load(struct trace *trace, const struct model_window *window, const struct model_spawned *tasks,
                        size_t count, struct model_timeline *out, char *why, size_t room)
{
    struct arena *memory = xcalloc(1, sizeof *memory);
    struct loader loader = {.trace = trace, .memory = memory};
    *out = (struct model_timeline){
        .window = *window, .lanes = xcalloc(count + 1, sizeof *out->lanes), .count = count, .memory = memory};
    struct canvas canvas = {.window = &out->window,
                            .cells = xcalloc((count + 1) * window->columns, 1),
                            .lives = xcalloc(count + 1, sizeof *canvas.lives)};
    for (size_t i = 0; i < count; i++)
        refmap_add(&canvas.lanes, (struct model_ref){MODEL_TASK, tasks[i].id});
    trace_begin_reading(trace);
    canvas.steps = out->steps = has_steps(&loader);
    load_lanes(&loader, &canvas, tasks, out);
    paint_all(&loader, &canvas, out);
    trace_end_reading(trace);
    finish_cells(&canvas, out);
    refmap_free(&canvas.lanes);
    free(canvas.cells);
    free(canvas.lives);
    if (!loader.failed)
        return 0;
    snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
    model_timeline_free(out);
    return -EIO;
}

void model_timeline_free(struct model_timeline *timeline)
{
    if (timeline->memory) {
        arena_free(timeline->memory);
        free(timeline->memory);
    }
    free(timeline->lanes);
    *timeline = (struct model_timeline){0};
}
