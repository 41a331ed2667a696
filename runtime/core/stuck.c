#include "stuck.h"

#include <errno.h>
#include <stdlib.h>

#include "future.h"
#include "needs.h"
#include "scope.h"
#include "strand.h"
#include "task.h"
#include "waitable.h"

enum { NONE = UINT32_MAX };

struct leash__stuck_node {
    struct leash__task *task;
    uint32_t out;  /* its first edge, to one that it needs; NONE */
    uint32_t in;   /* the first edge from one that needs it; NONE */
    uint32_t left; /* how many of those that it needs cannot go on */
    uint32_t note;
    bool all, is_free;
    bool limited; /* a time limit will cancel it */
};

struct leash__stuck_edge {
    uint32_t from, to, next_out, next_in;
};

/* Tells what a wait needs, as edges. */
struct naming {
    struct leash__needs needs;
    struct leash__stuck *stuck;
    uint32_t from;
    bool free_one; /* one of them can go on */
};

static bool grow(struct leash__stuck *stuck, void **items, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    void *grown = more < NONE ? realloc(*items, more * size) : NULL;
    if (!grown) {
        stuck->no_memory = true;
        return false;
    }
    *items = grown;
    *room = more;
    return true;
}

static struct leash__stuck_node *node_of(const struct leash__stuck *stuck, const struct leash__task *task)
{
    uint64_t place = task->cell.mark - stuck->base - 1;
    return place < stuck->count && stuck->nodes[place].task == task ? &stuck->nodes[place] : NULL;
}

/* ---- nodes: tasks whose wait may need others ---- */

static bool may_need(const struct leash__task *task)
{
    const struct leash__fut *fut = task->waiting;
    if (!fut || leash__fut_done(fut))
        return false;
    return fut->kind == LEASH__FUT_TASK || fut->kind == LEASH__FUT_GATHER || fut->kind == LEASH__FUT_WAIT ||
           (task->line && task->line->type->needs);
}

static void add_nodes(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->loop;
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        stuck->visited++;
        if (!may_need(task))
            continue;
        if (!grow(stuck, (void **)&stuck->nodes, stuck->count, &stuck->room, sizeof *stuck->nodes))
            return;
        task->cell.mark = ++loop->marks;
        stuck->nodes[stuck->count++] = (struct leash__stuck_node){.task = task, .out = NONE, .in = NONE};
    }
}

/* ---- edges ---- */

static void add_edge(struct leash__needs *needs, struct leash__task *task)
{
    struct naming *naming = LEASH__CONTAINER(needs, struct naming, needs);
    struct leash__stuck *stuck = naming->stuck;
    struct leash__stuck_node *to = node_of(stuck, task), *from = &stuck->nodes[naming->from];
    if (!to) {
        naming->free_one = true;
        return;
    }
    if (!grow(stuck, (void **)&stuck->edges, stuck->edges_count, &stuck->edges_room, sizeof *stuck->edges))
        return;
    uint32_t edge = (uint32_t)stuck->edges_count++;
    stuck->edges[edge] = (struct leash__stuck_edge){naming->from, (uint32_t)(to - stuck->nodes), from->out, to->in};
    from->out = to->in = edge;
    from->left++;
}

static void set_free(struct leash__stuck *stuck, struct leash__stuck_node *node)
{
    if (node->is_free)
        return;
    node->is_free = true;
    stuck->queue[stuck->queued++] = (uint32_t)(node - stuck->nodes);
}

static void add_edges(struct leash__stuck *stuck, bool standing)
{
    for (uint32_t i = 0; i < stuck->count && !stuck->no_memory; i++) {
        struct leash__stuck_node *node = &stuck->nodes[i];
        struct naming naming = {{standing, add_edge}, stuck, i, false};
        enum leash__need need = leash__needs_of(node->task, &naming.needs);
        node->all = need == LEASH__NEEDS_ALL;
        if (need == LEASH__NEEDS_ANYBODY || node->left == 0 || (!node->all && naming.free_one))
            set_free(stuck, node);
    }
}

/* ---- who can go on ---- */

/* Each node is queued once. */
static void spread(struct leash__stuck *stuck)
{
    while (stuck->queued > 0) {
        const struct leash__stuck_node *node = &stuck->nodes[stuck->queue[--stuck->queued]];
        for (uint32_t at = node->in; at != NONE; at = stuck->edges[at].next_in) {
            struct leash__stuck_node *waiter = &stuck->nodes[stuck->edges[at].from];
            if (--waiter->left == 0 || !waiter->all)
                set_free(stuck, waiter);
        }
    }
}

int leash__stuck_look(struct leash__stuck *stuck, struct leash__loop *loop, bool standing)
{
    *stuck = (struct leash__stuck){.loop = loop, .base = loop->marks};
    add_nodes(stuck);
    stuck->queue = stuck->count && !stuck->no_memory ? malloc(stuck->count * sizeof *stuck->queue) : NULL;
    if (stuck->queue)
        add_edges(stuck, standing);
    if (stuck->no_memory || (stuck->count && !stuck->queue)) {
        leash__stuck_free(stuck);
        return -ENOMEM;
    }
    spread(stuck);
    return 0;
}

void leash__stuck_free(struct leash__stuck *stuck)
{
    free(stuck->nodes);
    free(stuck->edges);
    free(stuck->queue);
    *stuck = (struct leash__stuck){0};
}

size_t leash__stuck_count(const struct leash__stuck *stuck)
{
    size_t count = 0;
    for (size_t i = 0; i < stuck->count; i++)
        count += !stuck->nodes[i].is_free;
    return count;
}

/* ---- time limits ---- */

/* Tasks that a time limit will cancel and from which it has yet to be followed. Those without a node are marked. */
struct limits {
    struct leash__needs needs;
    struct leash__stuck *stuck;
    struct leash__task **tasks;
    size_t count, room;
    uint64_t seen;
};

static void limit(struct leash__needs *needs, struct leash__task *task)
{
    struct limits *limits = LEASH__CONTAINER(needs, struct limits, needs);
    struct leash__stuck_node *node = node_of(limits->stuck, task);
    if (node ? node->limited : task->cell.mark == limits->seen)
        return;
    if (node) {
        node->limited = true;
        set_free(limits->stuck, node);
    } else {
        task->cell.mark = limits->seen;
    }
    if (grow(limits->stuck, (void **)&limits->tasks, limits->count, &limits->room, sizeof(struct leash__task *)))
        limits->tasks[limits->count++] = task;
}

/* A generator that rests may hold a scope of the task that ran it last. */
static void limit_by_resting(struct limits *limits)
{
    struct leash__loop *loop = limits->stuck->loop;
    for (struct leash__node *at = loop->strands.next; at != &loop->strands; at = at->next)
        for (const struct leash__frame *frame = LEASH__CONTAINER(at, const struct leash__strand, node)->frame; frame;
             frame = frame->up)
            for (const struct leash__scope *scope = frame->scopes; scope; scope = scope->outer)
                if (scope->type->limits && scope->type->limits(scope) && !leash__fut_done(&scope->task->cell.fut))
                    limit(&limits->needs, scope->task);
}

void leash__stuck_heed_limits(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->loop;
    struct limits limits = {.needs.name = limit, .stuck = stuck, .seen = ++loop->marks};
    for (struct leash__node *at = loop->tasks.next; at != &loop->tasks; at = at->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(at, struct leash__cell, node));
        if (leash__needs_limited(task))
            limit(&limits.needs, task);
        else if (task->waiting && task->waiting->kind == LEASH__FUT_WAIT_FOR)
            leash__needs_cancelled(task, &limits.needs);
    }
    limit_by_resting(&limits);
    while (limits.count > 0)
        leash__needs_cancelled(limits.tasks[--limits.count], &limits.needs);
    free(limits.tasks);
    if (stuck->no_memory) { /* not all could be followed: nobody is accused */
        for (size_t i = 0; i < stuck->count; i++)
            stuck->nodes[i].is_free = true;
        stuck->queued = 0;
    }
    spread(stuck);
}

/* ---- what was found ---- */

struct leash__task *leash__stuck_next(const struct leash__stuck *stuck, const struct leash__task *task)
{
    const struct leash__stuck_node *node = node_of(stuck, task);
    struct leash__task *next = NULL;
    for (uint32_t at = node && !node->is_free ? node->out : NONE; at != NONE; at = stuck->edges[at].next_out)
        if (!stuck->nodes[stuck->edges[at].to].is_free)
            next = stuck->nodes[stuck->edges[at].to].task; /* the first that was named is the last of the list */
    return next;
}

struct leash__task *leash__stuck_task(const struct leash__stuck *stuck, size_t index)
{
    return stuck->nodes[index].task;
}

uint32_t *leash__stuck_note(struct leash__stuck *stuck, const struct leash__task *task)
{
    return &node_of(stuck, task)->note;
}
