/* Pairs, sorted by either end. */
#include "alloc.h"
#include "graph/nodes.h"

static uint32_t from_of(const struct graph_pair *pair, bool out)
{
    return out ? pair->from : pair->to;
}

static struct graph_links linked(const struct model_graph *graph, bool out)
{
    uint32_t nodes = graph->nodes.count;
    struct graph_links links = {xcalloc((size_t)nodes + 2, sizeof(uint32_t)),
                                xcalloc(graph->pairs_count + 1, sizeof(uint32_t))};
    for (size_t i = 0; i < graph->pairs_count; i++)
        links.first[from_of(&graph->pairs[i], out) + 2]++;
    for (uint32_t i = 2; i <= nodes; i++)
        links.first[i] += links.first[i - 1];
    for (size_t i = 0; i < graph->pairs_count; i++)
        links.items[links.first[from_of(&graph->pairs[i], out) + 1]++] = from_of(&graph->pairs[i], !out);
    return links;
}

void graph_link(struct model_graph *graph)
{
    graph->out = linked(graph, true);
    graph->in = linked(graph, false);
}
