/* Lanes as they are painted. */
#ifndef LEASH_INSPECTOR_TIMELINE_PAINT_H
#define LEASH_INSPECTOR_TIMELINE_PAINT_H

#include "graph/refmap.h"
#include "loader.h"
#include "timeline/timeline.h"

/* From one time to another; to_ns MODEL_NEVER: it did not end. */
struct span {
    int64_t from_ns, to_ns;
};

struct canvas {
    const struct model_window *window;
    bool steps;
    uint8_t *cells;      /* lane after lane, enum model_lane_state */
    struct span *lives;  /* by lane: from the first step on; from_ns MODEL_NEVER: it never ran */
    struct refmap lanes; /* tasks, by lane */
};

/* True if some of it lies within the window. */
bool span_is_seen(const struct model_window *window, struct span span);
/* In one column the gravest state stays. An empty span marks its column. */
void canvas_paint(struct canvas *canvas, uint32_t lane, enum model_lane_state state, struct span span);
void canvas_mark(struct canvas *canvas, uint32_t lane, enum model_lane_state state, int64_t at_ns);

/* awaits.c: what lies between birth and end of each lane. */
void canvas_paint_awaits(struct loader *loader, struct canvas *canvas);
/* steps.c: paints them, and how busy the loop was into `busy`, how many were ready into `ready`: a glyph a column. */
void canvas_paint_steps(struct loader *loader, struct canvas *canvas, char *busy, char *ready);
/* cycles.c: tasks that waited for each other when the loop stopped. */
void canvas_paint_cycles(struct loader *loader, struct canvas *canvas);

#endif
