/* The await graph as a forest, from either end, without recursion. */
#include "graph/layout.h"
#include "alloc.h"
#include "graph/captions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    PRINTED = 1,
    ON_PATH = 2, /* between the row that is being laid out and its root */
    OPENED = 4   /* objects: what is behind it has been printed */
};

struct frame {
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
    struct frame *frames;
    size_t frames_count, frames_capacity;
};

static enum model_kind kind_of(const struct layout *layout, uint32_t node)
{
    return layout->graph->nodes.refs[node].kind;
}

static void add_child(struct layout *layout, uint32_t node)
{
    X_GROW(layout->children, layout->children_count, layout->children_capacity);
    layout->children[layout->children_count++] = node;
}

/* A sleep has a row of its own only where others wait for the sleeper. */
static bool is_told_by_reason(const struct layout *layout, uint32_t node)
{
    return kind_of(layout, node) == MODEL_SLEEP && component(layout->graph, node)->frees <= 1;
}

/* Objects made of others, and locks that are held, have no row: the reason names them. */
static bool is_gate(const struct layout *layout, uint32_t node)
{
    return kind_of(layout, node) == MODEL_OBJECT && links_count(&layout->graph->out, node) > 0;
}

static void add_all(struct layout *layout, const struct graph_links *links, uint32_t node)
{
    for (uint32_t i = links->first[node]; i < links->first[node + 1]; i++)
        add_child(layout, links->items[i]);
}

/* What a node waits for. True: it has been printed above. */
static bool add_blockers(struct layout *layout, uint32_t node)
{
    const struct graph_links *out = &layout->graph->out;
    if (kind_of(layout, node) != MODEL_TASK) {
        layout->marks[node] |= OPENED;
        add_all(layout, out, node);
        return false;
    }
    if (links_count(out, node) == 0)
        return false;
    uint32_t target = out->items[out->first[node]];
    if (is_gate(layout, target)) {
        if (layout->marks[target] & OPENED)
            return true;
        layout->marks[target] |= OPENED;
        add_all(layout, out, target);
        return false;
    }
    if (is_told_by_reason(layout, target))
        return false;
    if ((layout->marks[target] & PRINTED) && !(layout->marks[target] & ON_PATH))
        return true;
    add_child(layout, target);
    return false;
}

/* Who waits for a node, itself or through gates: these are put in place of the gates, one after the other. A gate that
 * was opened before has shown its waiters. */
static void add_waiters(struct layout *layout, uint32_t node)
{
    const struct graph_links *in = &layout->graph->in;
    size_t first = layout->children_count, kept = first;
    add_all(layout, in, node);
    for (size_t i = first; i < layout->children_count; i++) {
        uint32_t child = layout->children[i];
        if (!is_gate(layout, child)) {
            layout->children[kept++] = child;
        } else if (!(layout->marks[child] & OPENED)) {
            layout->marks[child] |= OPENED;
            add_all(layout, in, child);
        }
    }
    layout->children_count = kept;
}

static void fill_row(struct layout *layout, uint32_t node, struct model_row *row)
{
    const struct model_graph *graph = layout->graph;
    const struct graph_component *own = component(graph, node);
    caption_node(&layout->captions, graph, node, row);
    if (links_count(&graph->out, node) == 0 && (own->frees > 1 || row->ref.kind != MODEL_TASK))
        row->note = caption_cause(&layout->captions, graph, node);
    row->stuck = row->stuck || own->cycle;
    if (!graph->waits_of[node] || !graph->waits.items[graph->waits_of[node] - 1].stuck ||
        !links_count(&graph->out, node))
        return;
    uint32_t target = graph->out.items[graph->out.first[node]];
    row->stuck = row->stuck || (links_count(&graph->out, target) == 0 && kind_of(layout, target) != MODEL_TASK);
}

/* A row for a node, and, if it is the first one, a frame for what is below it. */
static bool open_node(struct layout *layout, uint32_t node, unsigned depth)
{
    bool on_path = layout->marks[node] & ON_PATH, printed = layout->marks[node] & PRINTED;
    enum model_row_kind kind = on_path ? MODEL_ROW_CYCLE : printed ? MODEL_ROW_ABOVE : MODEL_ROW_NODE;
    struct model_row *row = rows_add(&layout->rows, kind, depth);
    if (!row)
        return false;
    fill_row(layout, node, row);
    if (kind == MODEL_ROW_CYCLE)
        row->note = caption_cycle(&layout->captions, layout->graph, node);
    if (kind != MODEL_ROW_NODE)
        return true;
    layout->marks[node] |= PRINTED | ON_PATH;
    struct frame frame = {.node = node, .first = layout->children_count};
    if (layout->flipped)
        add_waiters(layout, node);
    else
        row->above = add_blockers(layout, node);
    frame.count = layout->children_count - frame.first;
    X_GROW(layout->frames, layout->frames_count, layout->frames_capacity);
    layout->frames[layout->frames_count++] = frame;
    return true;
}

static void close_frame(struct layout *layout)
{
    const struct frame *frame = &layout->frames[--layout->frames_count];
    layout->marks[frame->node] &= (uint8_t)~ON_PATH;
    layout->children_count = frame->first;
}

/* A tree. False: there is no room for more rows. */
static bool lay_out(struct layout *layout, uint32_t root)
{
    bool room = open_node(layout, root, 0);
    while (layout->frames_count) {
        struct frame *frame = &layout->frames[layout->frames_count - 1];
        unsigned depth = (unsigned)layout->frames_count;
        if (!room || frame->at == frame->count) {
            close_frame(layout);
        } else if (frame->at == layout->rows.children_max) {
            rows_add_more(&layout->rows, depth, frame->count - frame->at);
            close_frame(layout);
        } else {
            room = open_node(layout, layout->children[frame->first + frame->at++], depth);
        }
    }
    return room;
}

/* ---- where trees begin ---- */

static bool is_root(const struct layout *layout, uint32_t node)
{
    const struct model_graph *graph = layout->graph;
    const struct graph_component *own = component(graph, node);
    if (own->cycle)
        return own->smallest == node && (layout->flipped ? own->cause == graph->component_of[node] : !own->entered);
    if (!layout->flipped)
        return kind_of(layout, node) == MODEL_TASK && links_count(&graph->in, node) == 0;
    if (kind_of(layout, node) == MODEL_TASK && links_count(&graph->out, node) == 1)
        return is_told_by_reason(layout, graph->out.items[graph->out.first[node]]);
    return links_count(&graph->out, node) == 0 && !is_told_by_reason(layout, node);
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
        if (lay_out(layout, roots[i]))
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
        if (!lay_out(layout, node))
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
    char text[MODEL_REF_TEXT];
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
        snprintf(why, room, "%s: nothing in it is called %s (`leash list tasks` names what there is)",
                 trace_path(trace), model_ref_text(options->root, text));
    if (loader.failed) {
        snprintf(why, room, "%s: cannot be read: %s", trace_path(trace), trace_failure(trace));
        rc = -EIO;
    }
    if (rc < 0)
        model_forest_free(out);
    return rc;
}
