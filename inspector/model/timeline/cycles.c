/* Tasks that waited for each other when the loop stopped, since the last of them began to. */
#include "alloc.h"
#include "graph/nodes.h"
#include "timeline/paint.h"

#include <stdlib.h>

/* By component: when the last task of a cycle began to wait; MODEL_NEVER: it is none. To be freed. */
static int64_t *closed_at(const struct model_graph *graph)
{
    int64_t *times = xcalloc((size_t)graph->components_count + 1, sizeof *times);
    for (uint32_t i = 0; i < graph->components_count; i++)
        times[i] = MODEL_NEVER;
    for (size_t i = 0; i < graph->waits.count; i++) {
        uint32_t own = graph->component_of[i]; /* waiters are the first nodes */
        bool locked = graph->components[own].cycle && !graph->components[own].choice;
        if (locked && graph->waits.items[i].began_ns > times[own])
            times[own] = graph->waits.items[i].began_ns;
    }
    return times;
}

void canvas_paint_cycles(struct loader *loader, struct canvas *canvas)
{
    struct model_graph *graph = graph_load(loader, MODEL_NEVER);
    int64_t *times = closed_at(graph);
    for (size_t i = 0; i < graph->waits.count; i++) {
        uint32_t lane = refmap_find(&canvas->lanes, graph->nodes.refs[i]);
        int64_t at = times[graph->component_of[i]];
        if (lane != REFMAP_NONE && at != MODEL_NEVER)
            canvas_paint(canvas, lane, MODEL_LANE_LOCKED, (struct span){at, canvas->lives[lane].to_ns});
    }
    free(times);
    model_graph_close(graph);
}
