/* A forest of an await graph while it is laid out. */
#ifndef LEASH_INSPECTOR_GRAPH_LAYOUT_H
#define LEASH_INSPECTOR_GRAPH_LAYOUT_H

#include "graph/captions.h"
#include "graph/rows.h"

struct layout_frame {
    uint32_t node;
    size_t first, count, at; /* its children in layout.children, and which is next */
};

struct layout {
    const struct model_graph *graph;
    struct rows rows;
    struct captions captions;
    bool flipped;   /* blocker on top */
    uint8_t *marks; /* by node */
    uint32_t *children;
    size_t children_count, children_capacity;
    struct layout_frame *frames;
    size_t frames_count, frames_capacity;
};

/* A tree. False: there is no room for more rows. */
bool layout_tree(struct layout *layout, uint32_t root);
/* A sleep has a row of its own only where others wait for the sleeper. */
bool layout_is_told_by_reason(const struct layout *layout, uint32_t node);

static inline enum model_kind layout_kind(const struct layout *layout, uint32_t node)
{
    return layout->graph->nodes.refs[node].kind;
}

#endif
