#include "wait_graph.h"

#include <stdlib.h>

bool leash__grow(void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    void *grown = more < LEASH__NO_EDGE ? realloc(*items, more * size) : NULL;
    if (!grown)
        return false;
    *items = grown;
    *room = more;
    return true;
}

void leash__wait_graph_begin(struct leash__wait_graph *graph, struct leash__loop *loop)
{
    *graph = (struct leash__wait_graph){.loop = loop, .base = loop->marks};
}

void leash__wait_graph_free(struct leash__wait_graph *graph)
{
    free(graph->nodes);
    free(graph->edges);
    free(graph->queue);
    *graph = (struct leash__wait_graph){0};
}

struct leash__wait_node *leash__wait_graph_find(const struct leash__wait_graph *graph, const struct leash__cell *cell)
{
    uint64_t place = cell->mark - graph->base - 1;
    return place < graph->count && graph->nodes[place].cell == cell ? &graph->nodes[place] : NULL;
}

struct leash__wait_node *leash__wait_graph_add(struct leash__wait_graph *graph, struct leash__cell *cell)
{
    if (!leash__grow((void **)&graph->nodes, graph->count, &graph->room, sizeof *graph->nodes)) {
        graph->no_memory = true;
        return NULL;
    }
    struct leash__wait_node *node = &graph->nodes[graph->count++];
    *node = (struct leash__wait_node){.cell = cell, .out = LEASH__NO_EDGE, .in = LEASH__NO_EDGE};
    cell->mark = graph->base + graph->count;
    if (graph->loop->marks < cell->mark)
        graph->loop->marks = cell->mark;
    return node;
}

bool leash__wait_graph_connect(struct leash__wait_graph *graph, struct leash__wait_node *from,
                               struct leash__wait_node *to)
{
    if (!leash__grow((void **)&graph->edges, graph->edges_count, &graph->edges_room, sizeof *graph->edges)) {
        graph->no_memory = true;
        return false;
    }
    uint32_t edge = (uint32_t)graph->edges_count++;
    graph->edges[edge] =
        (struct leash__wait_edge){(uint32_t)(from - graph->nodes), (uint32_t)(to - graph->nodes), from->out, to->in};
    from->out = to->in = edge;
    return true;
}

bool leash__wait_graph_ready(struct leash__wait_graph *graph)
{
    size_t room = graph->count ? graph->count : 1;
    if (!graph->no_memory)
        graph->queue = malloc(room * sizeof *graph->queue);
    graph->no_memory |= !graph->queue;
    return !graph->no_memory;
}
