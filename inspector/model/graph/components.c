/* Cycles: Tarjan's strongly connected components, without recursion. */
#include "alloc.h"
#include "graph/nodes.h"

#include <stdlib.h>

#define UNSEEN 0

struct visit {
    uint32_t node, next; /* next: which of its links is to be followed */
};

struct search {
    struct model_graph *graph;
    uint32_t *seen; /* by node: in which order it was come upon, from 1 */
    uint32_t *low;  /* by node: the earliest that is reached from it, among those not in a component yet */
    bool *open;     /* by node: not in a component yet */
    uint32_t *waiting, waiting_count; /* those, in the order in which they were come upon */
    struct visit *visits;
    uint32_t visits_count, counter, ordered;
};

static void enter(struct search *search, uint32_t node)
{
    search->seen[node] = search->low[node] = ++search->counter;
    search->open[node] = true;
    search->waiting[search->waiting_count++] = node;
    search->visits[search->visits_count++] = (struct visit){node, search->graph->out.first[node]};
}

static bool comes_before(const struct model_graph *graph, uint32_t a, uint32_t b)
{
    const struct model_ref *left = &graph->nodes.refs[a], *right = &graph->nodes.refs[b];
    if ((left->kind == MODEL_TASK) != (right->kind == MODEL_TASK))
        return left->kind == MODEL_TASK;
    return left->id < right->id;
}

static void add_to_component(struct search *search, uint32_t node)
{
    struct model_graph *graph = search->graph;
    struct graph_component *component = &graph->components[graph->components_count];
    graph->component_of[node] = graph->components_count;
    graph->order[search->ordered++] = node;
    search->open[node] = false;
    component->tasks += graph->nodes.refs[node].kind == MODEL_TASK;
    component->choice = component->choice || (graph->choices[node] && links_count(&graph->out, node) > 1);
    if (comes_before(graph, node, component->smallest))
        component->smallest = node;
}

/* Everything that was come upon since `root` and is still open. */
static void close_component(struct search *search, uint32_t root)
{
    struct graph_component *component = &search->graph->components[search->graph->components_count];
    *component = (struct graph_component){.smallest = root};
    component->cycle = search->waiting[search->waiting_count - 1] != root;
    for (uint32_t node = REFMAP_NONE; node != root;) {
        node = search->waiting[--search->waiting_count];
        add_to_component(search, node);
    }
    const struct graph_links *out = &search->graph->out;
    for (uint32_t i = out->first[root]; i < out->first[root + 1]; i++)
        component->cycle = component->cycle || out->items[i] == root;
    search->graph->components_count++;
}

static void lower(struct search *search, uint32_t node, uint32_t value)
{
    if (value < search->low[node])
        search->low[node] = value;
}

static void leave(struct search *search)
{
    uint32_t node = search->visits[--search->visits_count].node;
    if (search->low[node] == search->seen[node])
        close_component(search, node);
    else if (search->visits_count)
        lower(search, search->visits[search->visits_count - 1].node, search->low[node]);
}

static void search_from(struct search *search, uint32_t root)
{
    const struct graph_links *out = &search->graph->out;
    enter(search, root);
    while (search->visits_count) {
        struct visit *visit = &search->visits[search->visits_count - 1];
        if (visit->next == out->first[visit->node + 1]) {
            leave(search);
            continue;
        }
        uint32_t target = out->items[visit->next++];
        if (search->seen[target] == UNSEEN)
            enter(search, target);
        else if (search->open[target])
            lower(search, visit->node, search->seen[target]);
    }
}

void graph_find_components(struct model_graph *graph)
{
    size_t room = (size_t)graph->nodes.count + 1;
    struct search search = {.graph = graph,
                            .seen = xcalloc(room, sizeof(uint32_t)),
                            .low = xcalloc(room, sizeof(uint32_t)),
                            .open = xcalloc(room, sizeof(bool)),
                            .waiting = xcalloc(room, sizeof(uint32_t)),
                            .visits = xcalloc(room, sizeof(struct visit))};
    graph->component_of = xcalloc(room, sizeof(uint32_t));
    graph->order = xcalloc(room, sizeof(uint32_t));
    graph->components = xcalloc(room, sizeof *graph->components);
    for (uint32_t node = 0; node < graph->nodes.count; node++)
        if (search.seen[node] == UNSEEN)
            search_from(&search, node);
    free(search.seen);
    free(search.low);
    free(search.open);
    free(search.waiting);
    free(search.visits);
}
