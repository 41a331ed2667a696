#include "stuck.h"

#include <errno.h>
#include <stdlib.h>

#include "future.h"
#include "needs.h"
#include "strand.h"
#include "task.h"
#include "waitable.h"

/* Of a node: `left` says how many of those that it needs cannot go on, `note` is for walks. */
enum {
    ALL = 1,     /* it needs all of them, else one */
    FREE = 2,    /* it can go on */
    LIMITED = 4, /* a time limit will cancel it */
    CHOSEN = 8,  /* it is stuck, and has one edge left */
    SHIELDED = 16
};

/* Tells what a wait needs, as edges. */
struct naming {
    struct leash__needs needs;
    struct leash__wait_graph *graph;
    size_t from;
    bool free_one; /* one of them can go on */
};

/* ---- tasks whose wait may need others ---- */

static bool may_need(const struct leash__task *task)
{
    const struct leash__fut *fut = task->waiting;
    return fut && !leash__fut_done(fut) && (leash__needs_may_know(fut) || (task->line && task->line->type->needs));
}

static void add_nodes(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->graph.loop;
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        stuck->visited++;
        if (may_need(task) && !leash__wait_graph_add(&stuck->graph, &task->cell))
            return;
    }
}

/* ---- whom it needs ---- */

/* Whatever else is named is a node as soon as it is. */
static struct leash__wait_node *node_of(struct leash__wait_graph *graph, struct leash__cell *cell)
{
    struct leash__wait_node *node = leash__wait_graph_find(graph, cell);
    return node || cell->kind == LEASH__CELL_TASK ? node : leash__wait_graph_add(graph, cell);
}

static void add_edge(struct leash__needs *needs, struct leash__cell *cell)
{
    struct naming *naming = LEASH__CONTAINER(needs, struct naming, needs);
    struct leash__wait_node *to = node_of(naming->graph, cell), *from = &naming->graph->nodes[naming->from];
    if (!to)
        naming->free_one = true;
    else if (leash__wait_graph_connect(naming->graph, from, to))
        from->left++;
}

/* `count` grows meanwhile. */
static void add_edges(struct leash__wait_graph *graph, bool standing)
{
    for (size_t i = 0; i < graph->count && !graph->no_memory; i++) {
        struct naming naming = {.needs = {.standing = standing, .name = add_edge}, .graph = graph, .from = i};
        enum leash__need need = leash__needs_of(graph->nodes[i].cell, &naming.needs);
        struct leash__wait_node *node = &graph->nodes[i];
        node->marks |= (uint8_t)((need == LEASH__NEEDS_ALL ? ALL : 0) | (naming.needs.shielded ? SHIELDED : 0));
        if (need == LEASH__NEEDS_ANYBODY || node->left == 0 || (need == LEASH__NEEDS_ONE && naming.free_one))
            node->marks |= FREE;
    }
}

/* ---- who can go on ---- */

static void set_free(struct leash__wait_graph *graph, struct leash__wait_node *node)
{
    if (node->marks & FREE)
        return;
    node->marks |= FREE;
    leash__wait_graph_push(graph, node);
}

static void push_free(struct leash__wait_graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        if (graph->nodes[i].marks & FREE)
            leash__wait_graph_push(graph, &graph->nodes[i]);
}

static void spread(struct leash__wait_graph *graph)
{
    const struct leash__wait_node *node;
    while ((node = leash__wait_graph_pop(graph))) {
        for (uint32_t at = node->in; at != LEASH__NO_EDGE; at = graph->edges[at].next_in) {
            struct leash__wait_node *waiter = &graph->nodes[graph->edges[at].from];
            if (--waiter->left == 0 || !(waiter->marks & ALL))
                set_free(graph, waiter);
        }
    }
}

int leash__stuck_look(struct leash__stuck *stuck, struct leash__loop *loop, bool standing)
{
    struct leash__wait_graph *graph = &stuck->graph;
    stuck->visited = 0;
    leash__wait_graph_begin(graph, loop);
    add_nodes(stuck);
    add_edges(graph, standing);
    if (!leash__wait_graph_ready(graph)) {
        leash__stuck_free(stuck);
        return -ENOMEM;
    }
    push_free(graph);
    spread(graph);
    return 0;
}

void leash__stuck_free(struct leash__stuck *stuck)
{
    leash__wait_graph_free(&stuck->graph);
}

size_t leash__stuck_count(const struct leash__stuck *stuck)
{
    size_t count = 0;
    for (size_t i = 0; i < stuck->graph.count; i++)
        count += leash__wait_node_task(&stuck->graph.nodes[i]) && !(stuck->graph.nodes[i].marks & FREE);
    return count;
}

/* ---- time limits ---- */

/* Tasks and gathers that a time limit will cancel and from which it has yet to be followed. Those without a node are
 * marked. */
struct limits {
    struct leash__needs needs;
    struct leash__wait_graph *graph;
    struct leash__cell **cells;
    size_t count, room;
    uint64_t seen;
    bool no_memory;
};

static void limit(struct leash__needs *needs, struct leash__cell *cell)
{
    struct limits *limits = LEASH__CONTAINER(needs, struct limits, needs);
    struct leash__wait_node *node = leash__wait_graph_find(limits->graph, cell);
    if (node ? node->marks & LIMITED : cell->mark == limits->seen)
        return;
    if (node) {
        node->marks |= LIMITED;
        set_free(limits->graph, node);
    } else {
        cell->mark = limits->seen;
    }
    if (leash__grow((void **)&limits->cells, limits->count, &limits->room, sizeof(struct leash__cell *)))
        limits->cells[limits->count++] = cell;
    else
        limits->no_memory = true;
}

/* Of the bodies that tasks run, be they of generators; and of generators that rest. */
static void limit_by_scopes(struct limits *limits)
{
    struct leash__loop *loop = limits->graph->loop;
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next)
        leash__needs_limited(leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node))->frame, &limits->needs);
    for (struct leash__node *at = loop->strands.next; at != &loop->strands; at = at->next)
        leash__needs_limited(LEASH__CONTAINER(at, const struct leash__strand, node)->frame, &limits->needs);
}

static void limit_by_waits(struct limits *limits)
{
    struct leash__loop *loop = limits->graph->loop;
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        if (task->waiting && task->waiting->kind == LEASH__FUT_WAIT_FOR)
            leash__needs_cancelled(&task->cell, &limits->needs);
    }
}

int leash__stuck_heed_limits(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->graph.loop;
    struct limits limits = {.needs.name = limit, .graph = &stuck->graph, .seen = ++loop->marks};
    limit_by_scopes(&limits);
    limit_by_waits(&limits);
    while (limits.count > 0)
        leash__needs_cancelled(limits.cells[--limits.count], &limits.needs);
    free(limits.cells);
    spread(&stuck->graph);
    return limits.no_memory ? -ENOMEM : 0;
}

/* ---- what was found ---- */

/* Of the edges from the stuck node that one is left which leads to who was named first, and is the last of the list.
 * Where to. */
static struct leash__wait_node *choose(const struct leash__wait_graph *graph, struct leash__wait_node *node)
{
    if (!(node->marks & CHOSEN)) {
        for (uint32_t at = node->out; at != LEASH__NO_EDGE; at = graph->edges[at].next_out)
            if (!(graph->nodes[graph->edges[at].to].marks & FREE))
                node->out = at;
        graph->edges[node->out].next_out = LEASH__NO_EDGE;
        node->marks |= CHOSEN;
    }
    return &graph->nodes[graph->edges[node->out].to];
}

/* Past what is no task; the way is a single step for those who come later. */
struct leash__task *leash__stuck_next(const struct leash__stuck *stuck, const struct leash__task *task)
{
    const struct leash__wait_graph *graph = &stuck->graph;
    struct leash__wait_node *node = leash__wait_graph_find(graph, &task->cell);
    if (!node || node->marks & FREE)
        return NULL;
    uint8_t shielded = node->marks & SHIELDED;
    struct leash__wait_node *end = choose(graph, node), *next;
    for (; !leash__wait_node_task(end); end = choose(graph, end))
        shielded |= end->marks & SHIELDED;
    for (; node != end; node = next) {
        next = choose(graph, node);
        node->marks |= shielded;
        graph->edges[node->out].to = (uint32_t)(end - graph->nodes);
        if (leash__wait_node_task(next))
            break;
    }
    return leash__wait_node_task(end);
}

bool leash__stuck_by_shield(const struct leash__stuck *stuck, const struct leash__task *task)
{
    return leash__wait_graph_find(&stuck->graph, &task->cell)->marks & SHIELDED;
}

uint32_t *leash__stuck_note(const struct leash__stuck *stuck, const struct leash__task *task)
{
    return &leash__wait_graph_find(&stuck->graph, &task->cell)->note;
}
