/* Shared by the files that build the await graph and lay it out. */
#ifndef LEASH_INSPECTOR_GRAPH_NODES_H
#define LEASH_INSPECTOR_GRAPH_NODES_H

#include "graph/graph.h"
#include "graph/refmap.h"
#include "loader.h"

/* Whom each node waits for, or who waits for it: those of node n are items[first[n]] to items[first[n + 1] - 1]. */
struct graph_links {
    uint32_t *first, *items;
};

/* Nodes that all wait for each other, or a single one. */
struct graph_component {
    uint32_t tasks;    /* how many of its nodes are tasks */
    uint32_t smallest; /* the node of its task with the smallest id; of a single node, that */
    uint32_t cause;    /* the component that holds it up, COMPONENT_SEVERAL, or itself */
    uint32_t frees;    /* of a cause: tasks that only it holds up, its own included */
    bool cycle;        /* its nodes wait for each other, or its only one for itself */
    bool choice;       /* one of its nodes goes on as soon as one of several does */
    bool entered;      /* something outside waits for it */
    bool stuck;        /* of a cause: a task waits for it that never came out of that wait */
};
#define COMPONENT_SEVERAL UINT32_MAX

struct graph_pair {
    uint32_t from, to;
};

struct model_graph {
    int64_t at_ns;    /* MODEL_NEVER: when the loops stopped */
    int64_t ended_ns; /* of the run; model_graph_open() only, as `ending` */
    enum model_ending ending;
    struct waits_edges waits;
    struct refmap nodes;  /* a sleep is a node of its own, named by the task that sleeps */
    uint32_t *waits_of;   /* by node: index into waits.items + 1; 0: it waits for nothing */
    uint32_t *members_of; /* by node: how many an object is made of, finished ones included */
    bool *choices;        /* by node: it waits for any one of several */
    struct graph_pair *pairs;
    size_t pairs_count, pairs_capacity;
    struct graph_links out, in;
    uint32_t *component_of; /* by node */
    uint32_t *order;        /* nodes by component: those that a node waits for come before it, or with it */
    struct graph_component *components;
    uint32_t components_count;
    bool cut; /* not everything could be looked at */
};

static inline size_t links_count(const struct graph_links *links, uint32_t node)
{
    return links->first[node + 1] - links->first[node];
}

static inline struct graph_component *component(const struct model_graph *graph, uint32_t node)
{
    return &graph->components[graph->component_of[node]];
}

/* graph.c: all of it. A failure is the loader's; what is there then is to be closed as well. */
struct model_graph *graph_load(struct loader *loader, int64_t at_ns);
/* build.c: nodes and pairs. */
void graph_build(struct loader *loader, struct model_graph *graph);
/* links.c: out and in, in the order of the pairs. */
void graph_link(struct model_graph *graph);
/* components.c */
void graph_find_components(struct model_graph *graph);
/* causes.c */
void graph_find_causes(struct model_graph *graph);

#endif
