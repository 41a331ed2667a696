#include "victims.h"

#include <stdio.h>

#include "deadlock.h"
#include "leak_scope.h"
#include "needs.h"
#include "stuck.h"
#include "task.h"
#include "wait_graph.h"

/* Of a node. */
enum {
    LEAK = 1,   /* be it told of by itself or as a victim */
    LEADS = 2,  /* to another leak, through what it waits for */
    BEHIND = 4, /* what it waits for has been found to be the cause */
    CAUSE = 8
};

/* ---- who waits for whom ---- */

static bool counts(const struct leash__leak_scope *scope, const struct leash__task *task)
{
    return !scope || leash__leak_scope_open(task->cell.leak_scope) == scope->id;
}

static bool is_leak(const struct leash__loop *loop, const struct leash__leak_scope *scope,
                    const struct leash__task *task)
{
    if (!counts(scope, task))
        return false;
    if (task->cell.deadlocked || task->cell.outside)
        return true;
    return task != loop->main && !leash__task_runs(loop, task) && !task->cell.daemon && task->cancels == task->spent;
}

/* Of another, which is the cause. */
static bool in_deadlock(const struct leash__leak_scope *scope, const struct leash__task *task)
{
    const struct leash__deadlock *deadlock = task->deadlock;
    return deadlock && deadlock != task->cell.loop->outside && !task->cell.deadlocked &&
           counts(scope, deadlock->members[0].task);
}

struct naming {
    struct leash__needs needs;
    struct leash__wait_graph *graph;
    const struct leash__leak_scope *scope;
    struct leash__task *from;
};

static struct leash__wait_node *node_of(const struct naming *naming, struct leash__task *task)
{
    struct leash__wait_node *node = leash__wait_graph_find(naming->graph, &task->cell);
    if (node || !(node = leash__wait_graph_add(naming->graph, &task->cell)))
        return node;
    if (is_leak(naming->graph->loop, naming->scope, task))
        node->marks |= LEAK;
    return node;
}

static void add_edge(struct leash__needs *needs, struct leash__cell *cell)
{
    struct leash__task *task = leash__task_of(cell);
    struct naming *naming = LEASH__CONTAINER(needs, struct naming, needs);
    if (!node_of(naming, naming->from) || !node_of(naming, task))
        return;
    leash__wait_graph_connect(naming->graph, node_of(naming, naming->from), node_of(naming, task));
}

/* Whoever is told of a deadlock is a cause itself. */
static bool make_graph(struct leash__wait_graph *graph, struct leash__loop *loop, const struct leash__leak_scope *scope)
{
    struct naming naming = {.needs.name = add_edge, .graph = graph, .scope = scope};
    leash__wait_graph_begin(graph, loop);
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks && !graph->no_memory; at = at->next) {
        naming.from = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        if (!naming.from->cell.deadlocked && !naming.from->cell.outside)
            leash__needs_awaited(naming.from, &naming.needs);
    }
    return leash__wait_graph_ready(graph);
}

/* ---- causes ---- */

/* From those in the queue back to all that wait for them, `mark` on each; past those with one of `stops` only if they
 * are in the queue. */
static void spread(struct leash__wait_graph *graph, uint8_t mark, uint8_t stops)
{
    const struct leash__wait_node *node;
    while ((node = leash__wait_graph_pop(graph))) {
        for (uint32_t at = node->in; at != LEASH__NO_EDGE; at = graph->edges[at].next_in) {
            struct leash__wait_node *waiter = &graph->nodes[graph->edges[at].from];
            if (waiter->marks & mark)
                continue;
            waiter->marks |= mark;
            if (!(waiter->marks & stops))
                leash__wait_graph_push(graph, waiter);
        }
    }
}

static void find_leading(struct leash__wait_graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        if (graph->nodes[i].marks & LEAK)
            leash__wait_graph_push(graph, &graph->nodes[i]);
    spread(graph, LEADS, LEAK);
}

static void find_behind(struct leash__wait_graph *graph)
{
    for (size_t i = 0; i < graph->count; i++) {
        struct leash__wait_node *node = &graph->nodes[i];
        if ((node->marks & (LEAK | LEADS)) != LEAK)
            continue;
        node->marks |= CAUSE;
        leash__wait_graph_push(graph, node);
    }
    spread(graph, BEHIND, 0);
}

/* What is left waits in a circle, or behind one: the first that was made is its cause. */
static void find_circles(struct leash__wait_graph *graph)
{
    struct leash__loop *loop = graph->loop;
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__wait_node *node =
            leash__wait_graph_find(graph, LEASH__CONTAINER(at, const struct leash__cell, node));
        if (!node || (node->marks & (LEAK | BEHIND)) != LEAK)
            continue;
        leash__wait_graph_push(graph, node);
        spread(graph, BEHIND, 0);
        if (node->marks & BEHIND) /* it waits for itself */
            node->marks |= CAUSE;
    }
}

static void mark_all(const struct leash__wait_graph *graph)
{
    for (size_t i = 0; i < graph->count; i++)
        if ((graph->nodes[i].marks & (BEHIND | CAUSE)) == BEHIND)
            graph->nodes[i].cell->victim = true;
}

static void begin(struct leash__loop *loop, const struct leash__leak_scope *scope)
{
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        task->cell.victim = in_deadlock(scope, task);
    }
}

void leash__victims_note(struct leash__loop *loop, const struct leash__leak_scope *scope)
{
    struct leash__wait_graph graph;
    if (loop->events->at && !leash__leak_scopes_used)
        return; /* the rules see to it */
    begin(loop, scope);
    if (make_graph(&graph, loop, scope)) {
        find_leading(&graph);
        find_behind(&graph);
        find_circles(&graph);
        mark_all(&graph);
    } else if (!loop->thread->quiet) {
        fputs("leash: no memory to find out who is pending only because others are: all are told of\n", stderr);
    }
    leash__wait_graph_free(&graph);
}

/* ---- behind deadlocks ---- */

/* The number of the deadlock that a task is in, or waits behind, once it is known to its note; 0: of none. */
static uint32_t deadlock_behind(const struct leash__stuck *stuck, struct leash__task *from)
{
    const struct leash__loop *loop = stuck->graph.loop;
    enum { ON_THE_WAY = UINT32_MAX };
    struct leash__task *at = from, *next;
    uint32_t found = 0;
    while (!found && (next = leash__stuck_next(stuck, at))) {
        uint32_t *note = leash__stuck_note(stuck, at);
        if (*note == ON_THE_WAY)
            break;
        if (*note)
            found = *note;
        else if (at->deadlock && at->deadlock != loop->outside)
            found = (uint32_t)at->deadlock->id;
        else
            *note = ON_THE_WAY;
        at = next;
    }
    for (at = from; (next = leash__stuck_next(stuck, at)) && *leash__stuck_note(stuck, at) == ON_THE_WAY && found;
         at = next)
        *leash__stuck_note(stuck, at) = found;
    return found;
}

static void note_behind(const struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->graph.loop;
    for (size_t i = 0; i < stuck->graph.count; i++) {
        struct leash__task *task = leash__wait_node_task(&stuck->graph.nodes[i]);
        uint32_t id = task ? deadlock_behind(stuck, task) : 0;
        if (!id)
            continue;
        if (!task->deadlock)
            leash__event(loop->events, LEASH_EV_DEADLOCK_TASK, NULL, id, task->cell.id, 0);
        task->cell.victim = !task->cell.deadlocked;
    }
}

void leash__victims_of_deadlocks(struct leash__loop *loop)
{
    struct leash__stuck stuck;
    if (leash__list_empty(&loop->deadlocks) || leash__stuck_look(&stuck, loop, loop->stood_still) < 0)
        return;
    note_behind(&stuck);
    leash__stuck_free(&stuck);
}
