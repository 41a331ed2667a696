/* Tasks that wait, and for whom, as a graph: what deadlocks are looked for in, and whose fault it is that others are
 * pending. What many wait for and that depends on many, a gather, a semaphore, may be a node between them. */
#ifndef LEASH_CORE_WAIT_GRAPH_H
#define LEASH_CORE_WAIT_GRAPH_H

#include "types.h"

#define LEASH__NO_EDGE UINT32_MAX

struct leash__wait_node {
    struct leash__cell *cell;
    uint32_t out;        /* its first edge, to one that it waits for, the last that was added; LEASH__NO_EDGE */
    uint32_t in;         /* the first edge from one that waits for it; LEASH__NO_EDGE */
    uint32_t left, note; /* whoever looks at the graph counts and notes here; 0 at first */
    uint8_t marks;       /* likewise */
};

struct leash__wait_edge {
    uint32_t from, to, next_out, next_in;
};

struct leash__wait_graph {
    struct leash__loop *loop;
    uint64_t base; /* cells of these nodes are marked base + 1, ... in their order */
    struct leash__wait_node *nodes;
    size_t count, room;
    struct leash__wait_edge *edges;
    size_t edges_count, edges_room;
    uint32_t *queue; /* nodes whose neighbours have yet to hear of something */
    size_t queued;
    bool no_memory; /* something is missing in it */
};

/* While it is there, nobody else marks cells of the loop that are in it. */
void leash__wait_graph_begin(struct leash__wait_graph *graph, struct leash__loop *loop);
void leash__wait_graph_free(struct leash__wait_graph *graph);
/* The node of a cell; NULL: it has none. */
struct leash__wait_node *leash__wait_graph_find(const struct leash__wait_graph *graph, const struct leash__cell *cell);
/* A new one. NULL: no memory. It moves those that are there. */
struct leash__wait_node *leash__wait_graph_add(struct leash__wait_graph *graph, struct leash__cell *cell);
/* NULL: it is no task's. */
static inline struct leash__task *leash__wait_node_task(const struct leash__wait_node *node)
{
    return node->cell->kind == LEASH__CELL_TASK ? leash__task_of(node->cell) : NULL;
}
/* False: no memory. */
bool leash__wait_graph_connect(struct leash__wait_graph *graph, struct leash__wait_node *from,
                               struct leash__wait_node *to);
/* Room for each node in the queue, once; no node comes after that. False: no memory. */
bool leash__wait_graph_ready(struct leash__wait_graph *graph);
static inline void leash__wait_graph_push(struct leash__wait_graph *graph, const struct leash__wait_node *node)
{
    graph->queue[graph->queued++] = (uint32_t)(node - graph->nodes);
}
/* NULL: it is empty. */
static inline struct leash__wait_node *leash__wait_graph_pop(struct leash__wait_graph *graph)
{
    return graph->queued ? &graph->nodes[graph->queue[--graph->queued]] : NULL;
}

/* An array that grows by itself. False: no memory; nothing was lost. */
bool leash__grow(void **items, size_t count, size_t *room, size_t size);

#endif
