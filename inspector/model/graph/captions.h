/* What the rows of a tree say: names, reasons, places, read from the trace row by row. */
#ifndef LEASH_INSPECTOR_GRAPH_CAPTIONS_H
#define LEASH_INSPECTOR_GRAPH_CAPTIONS_H

#include "graph/forest.h"
#include "graph/nodes.h"

struct captions {
    struct loader *loader;
    struct trace_query *task, *site, *object;
};

void captions_begin(struct captions *captions, struct loader *loader);
void captions_end(struct captions *captions);

/* label, coro, reason, site, for_ns of a node of the graph. */
void caption_node(struct captions *captions, const struct model_graph *graph, uint32_t node, struct model_row *row);
/* "ROOT CAUSE: would free 5 tasks"; NULL: nothing is to be said. */
const char *caption_cause(struct captions *captions, const struct model_graph *graph, uint32_t node);
/* "DEADLOCK of 2" */
const char *caption_cycle(struct captions *captions, const struct model_graph *graph, uint32_t node);
/* The same as caption_node for a task in a tree of who created whom. */
void caption_spawned(struct captions *captions, int64_t task, int64_t at_ns, struct model_row *row);
/* "join #7", "queue.get #q3", "lock #q1, held #56" */
const char *caption_wait(struct captions *captions, const struct waits_edge *edge, const char *expression,
                         size_t members, int64_t holder);

#endif
