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
    CHOSEN = 8   /* it is stuck, and has one edge left */
};

/* Tells what a wait needs, as edges. */
struct naming {
    struct leash__needs needs;
    struct leash__wait_graph *graph;
    struct leash__wait_node *from;
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
        if (may_need(task) && !leash__wait_graph_add(&stuck->graph, task))
            return;
    }
}

/* ---- whom it needs ---- */

static void add_edge(struct leash__needs *needs, struct leash__task *task)
{
    struct naming *naming = LEASH__CONTAINER(needs, struct naming, needs);
    struct leash__wait_node *to = leash__wait_graph_find(naming->graph, task);
    if (!to)
        naming->free_one = true;
    else if (leash__wait_graph_connect(naming->graph, naming->from, to))
        naming->from->left++;
}

static void set_free(struct leash__wait_graph *graph, struct leash__wait_node *node)
{
    if (node->marks & FREE)
        return;
    node->marks |= FREE;
    leash__wait_graph_push(graph, node);
}

static void add_edges(struct leash__wait_graph *graph, bool standing)
{
    for (size_t i = 0; i < graph->count && !graph->no_memory; i++) {
        struct leash__wait_node *node = &graph->nodes[i];
        struct naming naming = {.needs = {.standing = standing, .name = add_edge}, .graph = graph, .from = node};
        enum leash__need need = leash__needs_of(node->task, &naming.needs);
        if (need == LEASH__NEEDS_ALL)
            node->marks |= ALL;
        if (need == LEASH__NEEDS_ANYBODY || node->left == 0 || (need == LEASH__NEEDS_ONE && naming.free_one))
            set_free(graph, node);
    }
}

/* ---- who can go on ---- */

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
    if (leash__wait_graph_ready(graph))
        add_edges(graph, standing);
    if (graph->no_memory) {
        leash__stuck_free(stuck);
        return -ENOMEM;
    }
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
        count += !(stuck->graph.nodes[i].marks & FREE);
    return count;
}

/* ---- time limits ---- */

/* Tasks that a time limit will cancel and from which it has yet to be followed. Those without a node have the mark. */
struct limits {
    struct leash__needs needs;
    struct leash__wait_graph *graph;
    struct leash__task **tasks;
    size_t count, room;
    bool no_memory;
};

static void limit(struct leash__needs *needs, struct leash__task *task)
{
    struct limits *limits = LEASH__CONTAINER(needs, struct limits, needs);
    struct leash__wait_node *node = leash__wait_graph_find(limits->graph, task);
    if (node ? node->marks & LIMITED : task->cell.mark == needs->mark)
        return;
    if (node) {
        node->marks |= LIMITED;
        set_free(limits->graph, node);
    } else {
        task->cell.mark = needs->mark;
    }
    if (leash__grow((void **)&limits->tasks, limits->count, &limits->room, sizeof(struct leash__task *)))
        limits->tasks[limits->count++] = task;
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
        const struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        if (task->waiting && task->waiting->kind == LEASH__FUT_WAIT_FOR)
            leash__needs_cancelled(task, &limits->needs);
    }
}

int leash__stuck_heed_limits(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->graph.loop;
    struct limits limits = {.needs = {.name = limit, .mark = ++loop->marks}, .graph = &stuck->graph};
    limit_by_scopes(&limits);
    limit_by_waits(&limits);
    while (limits.count > 0)
        leash__needs_cancelled(limits.tasks[--limits.count], &limits.needs);
    free(limits.tasks);
    spread(&stuck->graph);
    return limits.no_memory ? -ENOMEM : 0;
}

/* ---- what was found ---- */

/* Of the edges from the node that one is left which leads to who was named first, and is the last of the list. */
static void choose(const struct leash__wait_graph *graph, struct leash__wait_node *node)
{
    for (uint32_t at = node->out; at != LEASH__NO_EDGE; at = graph->edges[at].next_out)
        if (!(graph->nodes[graph->edges[at].to].marks & FREE))
            node->out = at;
    graph->edges[node->out].next_out = LEASH__NO_EDGE;
    node->marks |= CHOSEN;
}

struct leash__task *leash__stuck_next(const struct leash__stuck *stuck, const struct leash__task *task)
{
    const struct leash__wait_graph *graph = &stuck->graph;
    struct leash__wait_node *node = leash__wait_graph_find(graph, task);
    if (!node || node->marks & FREE)
        return NULL;
    if (!(node->marks & CHOSEN))
        choose(graph, node);
    return graph->nodes[graph->edges[node->out].to].task;
}

uint32_t *leash__stuck_note(const struct leash__stuck *stuck, const struct leash__task *task)
{
    return &leash__wait_graph_find(&stuck->graph, task)->note;
}
