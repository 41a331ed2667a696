/* One tree of an await graph, from either end, without recursion. */
#include "graph/layout.h"
#include "alloc.h"

enum {
    PRINTED = 1,
    ON_PATH = 2, /* between the row that is being laid out and its root */
    OPENED = 4   /* objects: what is behind it has been printed */
};

static void add_child(struct layout *layout, uint32_t node)
{
    X_GROW(layout->children, layout->children_count, layout->children_capacity);
    layout->children[layout->children_count++] = node;
}

bool layout_is_told_by_reason(const struct layout *layout, uint32_t node)
{
    return layout_kind(layout, node) == MODEL_SLEEP && component(layout->graph, node)->frees <= 1;
}

/* Objects made of others, and locks that are held, have no row: the reason names them. */
static bool is_gate(const struct layout *layout, uint32_t node)
{
    return layout_kind(layout, node) == MODEL_OBJECT && links_count(&layout->graph->out, node) > 0;
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
    if (layout_kind(layout, node) != MODEL_TASK) {
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
    if (layout_is_told_by_reason(layout, target))
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
    row->stuck = row->stuck || (links_count(&graph->out, target) == 0 && layout_kind(layout, target) != MODEL_TASK);
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
    struct layout_frame frame = {.node = node, .first = layout->children_count};
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
    const struct layout_frame *frame = &layout->frames[--layout->frames_count];
    layout->marks[frame->node] &= (uint8_t)~ON_PATH;
    layout->children_count = frame->first;
}

bool layout_tree(struct layout *layout, uint32_t root)
{
    bool room = open_node(layout, root, 0);
    while (layout->frames_count) {
        struct layout_frame *frame = &layout->frames[layout->frames_count - 1];
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
