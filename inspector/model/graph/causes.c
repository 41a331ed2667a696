/* What holds tasks up, and how many. */
#include "graph/nodes.h"

/* The component that a node's component is held up by, as far as this link tells. */
static void merge_cause(struct model_graph *graph, uint32_t at, uint32_t beyond)
{
    struct graph_component *waiter = &graph->components[at], *target = &graph->components[beyond];
    target->entered = true;
    if (waiter->cycle && !waiter->choice)
        return; /* whatever else happens, these wait for each other */
    if (waiter->cause == at)
        waiter->cause = target->cause;
    else if (waiter->cause != target->cause)
        waiter->cause = COMPONENT_SEVERAL;
}

/* Components come after those that they wait for: these are known already. */
static void find_cause(struct model_graph *graph, uint32_t node)
{
    uint32_t at = graph->component_of[node];
    for (uint32_t i = graph->out.first[node]; i < graph->out.first[node + 1]; i++) {
        uint32_t beyond = graph->component_of[graph->out.items[i]];
        if (beyond != at)
            merge_cause(graph, at, beyond);
    }
}

void graph_find_causes(struct model_graph *graph)
{
    for (uint32_t i = 0; i < graph->components_count; i++)
        graph->components[i].cause = i;
    for (uint32_t i = 0; i < graph->nodes.count; i++)
        find_cause(graph, graph->order[i]);
    for (uint32_t i = 0; i < graph->components_count; i++) {
        struct graph_component *held = &graph->components[i];
        if (held->cause != COMPONENT_SEVERAL)
            graph->components[held->cause].frees += held->tasks;
        held->stuck = held->stuck || (held->cycle && held->cause == i && held->tasks);
    }
    for (size_t i = 0; i < graph->waits.count; i++) {
        uint32_t node = (uint32_t)i; /* waiters are the first nodes, in this order */
        for (uint32_t j = graph->out.first[node]; graph->waits.items[i].stuck && j < graph->out.first[node + 1]; j++)
            component(graph, graph->out.items[j])->stuck = true;
    }
}
