/* The forest of an await graph: where its trees begin, and what holds up most. */
#include "graph/layout.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- where trees begin ---- */

static bool is_root(const struct layout *layout, uint32_t node)
{
    const struct model_graph *graph = layout->graph;
    const struct graph_component *own = component(graph, node);
    if (own->cycle)
        return own->smallest == node && (layout->flipped ? own->cause == graph->component_of[node] : !own->entered);
    if (!layout->flipped)
        return layout_kind(layout, node) == MODEL_TASK && links_count(&graph->in, node) == 0;
    if (layout_kind(layout, node) == MODEL_TASK && links_count(&graph->out, node) == 1)
        return layout_is_told_by_reason(layout, graph->out.items[graph->out.first[node]]);
    return links_count(&graph->out, node) == 0 && !layout_is_told_by_reason(layout, node);
}

static int by_ref(const void *left, const void *right, void *argument)
{
    const struct model_graph *graph = argument;
    const struct model_ref *a = &graph->nodes.refs[*(const uint32_t *)left],
                           *b = &graph->nodes.refs[*(const uint32_t *)right];
    return a->kind != b->kind ? (a->kind > b->kind) - (a->kind < b->kind) : (a->id > b->id) - (a->id < b->id);
}

/* How many it frees, downwards. */
static int by_weight(const void *left, const void *right, void *argument)
{
    const struct model_graph *graph = argument;
    uint32_t a = component(graph, *(const uint32_t *)left)->frees,
             b = component(graph, *(const uint32_t *)right)->frees;
    return a != b ? (a < b) - (a > b) : by_ref(left, right, argument);
}

/* All roots, in the order of the forest; to be freed. */
static uint32_t *find_roots(struct layout *layout, size_t *count)
{
    const struct model_graph *graph = layout->graph;
    uint32_t *roots = xcalloc((size_t)graph->nodes.count + 1, sizeof *roots);
    *count = 0;
    for (uint32_t node = 0; node < graph->nodes.count; node++)
        if (is_root(layout, node))
            roots[(*count)++] = node;
    qsort_r(roots, *count, sizeof *roots, layout->flipped ? by_weight : by_ref, (void *)(uintptr_t)graph);
    return roots;
}

static void lay_out_all(struct layout *layout)
{
    size_t count;
    uint32_t *roots = find_roots(layout, &count);
    layout->rows.forest->roots = count;
    for (size_t i = 0; i < count; i++) {
        if (layout_tree(layout, roots[i]))
            continue;
        rows_add_more(&layout->rows, 0, count - i);
        break;
    }
    free(roots);
}

static int lay_out_one(struct layout *layout, struct model_ref ref)
{
    uint32_t node = refmap_find(&layout->graph->nodes, ref);
    layout->rows.forest->roots = 1;
    if (node != REFMAP_NONE) {
        if (!layout_tree(layout, node))
            rows_add_more(&layout->rows, 0, 0);
        return 0;
    }
    struct model_subject subject;
    if (!load_subject(layout->captions.loader, ref, &subject))
        return -ENOENT;
    struct model_row *row = rows_add(&layout->rows, MODEL_ROW_NODE, 0);
    row->ref = ref;
    row->label = load_label(layout->captions.loader, ref);
    row->site = subject.site;
    row->note = "waits for nothing then, and nobody waits for it";
    return 0;
}

/* ---- causes ---- */

static bool is_cause(const struct layout *layout, uint32_t index)
{
    const struct graph_component *held = &layout->graph->components[index];
    return held->cause == index && held->frees && (held->cycle || held->stuck || held->frees > 1);
}

static bool is_graver(const struct graph_component *a, const struct graph_component *b)
{
    return a->cycle != b->cycle ? a->cycle : a->frees > b->frees;
}

/* The gravest, by insertion: there are few. */
static void find_gravest(struct layout *layout)
{
    const struct model_graph *graph = layout->graph;
    struct model_forest *forest = layout->rows.forest;
    const struct graph_component *best[MODEL_CAUSES + 1];
    size_t count = 0;
    for (uint32_t i = 0; i < graph->components_count; i++) {
        if (!is_cause(layout, i))
            continue;
        size_t at = count;
        for (; at && is_graver(&graph->components[i], best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = &graph->components[i];
        count += count < MODEL_CAUSES;
    }
    struct model_cause *causes = arena_alloc(forest->memory, MODEL_CAUSES, sizeof *causes);
    for (size_t i = 0; i < count; i++) {
        struct model_row row = {0};
        caption_node(&layout->captions, graph, best[i]->smallest, &row);
        if (row.ref.kind == MODEL_SLEEP)
            row.label = arena_format(forest->memory, "%s of %s", row.label,
                                     load_label(layout->captions.loader, (struct model_ref){MODEL_TASK, row.ref.id}));
        causes[i] = (struct model_cause){row.ref, row.label, best[i]->frees, best[i]->cycle ? best[i]->tasks : 0};
    }
    forest->causes = causes;
    forest->causes_count = count;
}

int model_forest_of_graph(const struct model_graph *graph, struct trace *trace,
                          const struct model_forest_options *options, struct model_forest *out, char *why, size_t room)
{
    struct layout layout = {.graph = graph, .flipped = options->by == MODEL_BY_WAITERS};
    rows_begin(&layout.rows, options, out);
    struct loader loader = {.trace = trace, .memory = out->memory};
    captions_begin(&layout.captions, &loader);
    layout.marks = xcalloc((size_t)graph->nodes.count + 1, sizeof *layout.marks);
    out->at_end = graph->at_ns == MODEL_NEVER;
    out->at_ns = out->at_end ? graph->ended_ns : graph->at_ns;
    out->ending = graph->ending;
    out->edges = graph->waits.count;
    out->cut = graph->cut;
    int rc = 0;
    if (options->root.kind == MODEL_NONE)
        lay_out_all(&layout);
    else
        rc = lay_out_one(&layout, options->root);
    if (rc == 0)
        find_gravest(&layout);
    rows_finish(&layout.rows);
    captions_end(&layout.captions);
    free(layout.marks);
    free(layout.children);
    free(layout.frames);
    if (rc == -ENOENT)
        model_ref_unknown(trace, options->root, why, room);
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        rc = -EIO;
    }
    if (rc < 0)
        model_forest_free(out);
    return rc;
}
