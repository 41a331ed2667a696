/* The await graph: built at once, so that the trace is not needed to look at its shape. */
#include "graph/nodes.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct model_graph *graph_load(struct loader *loader, int64_t at_ns)
{
    struct model_graph *graph = xcalloc(1, sizeof *graph);
    graph->at_ns = at_ns;
    graph_build(loader, graph);
    graph_link(graph);
    graph_find_components(graph);
    graph_find_causes(graph);
    return graph;
}

int model_graph_open(struct trace *trace, int64_t at_ns, struct model_graph **out, char *why, size_t room)
{
    struct arena memory = {0};
    struct loader loader = {.trace = trace, .memory = &memory};
    struct model_run run;
    trace_begin_reading(trace);
    load_run(&loader, &run);
    struct model_graph *graph = graph_load(&loader, at_ns);
    graph->ended_ns = run.ended_ns == MODEL_NEVER ? load_last(&loader) : run.ended_ns;
    graph->ending = run.ending;
    trace_end_reading(trace);
    arena_free(&memory);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        model_graph_close(graph);
        return -EIO;
    }
    *out = graph;
    return 0;
}

void model_graph_close(struct model_graph *graph)
{
    if (!graph)
        return;
    free(graph->waits.items);
    refmap_free(&graph->nodes);
    free(graph->waits_of);
    free(graph->members_of);
    free(graph->choices);
    free(graph->pairs);
    free(graph->out.first);
    free(graph->out.items);
    free(graph->in.first);
    free(graph->in.items);
    free(graph->component_of);
    free(graph->order);
    free(graph->components);
    free(graph);
}
