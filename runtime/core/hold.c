#include "hold.h"

#include <stdlib.h>

static bool is_free(const struct leash__hold *hold)
{
    return hold->object == NULL;
}

void leash__hold_begin(struct leash__waitable *waitable, struct leash__task *task, struct leash_site *site)
{
    LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_ACQUIRED, site, task->cell.id, waitable->cell->id);
    struct leash__hold *hold = is_free(&waitable->first) ? &waitable->first : malloc(sizeof *hold);
    if (!hold)
        return;
    *hold = (struct leash__hold){.object = waitable, .task = task, .task_id = task->cell.id, .site = site};
    hold->next = task->holds;
    if (hold->next)
        hold->next->previous = hold;
    task->holds = hold;
    leash__list_append(&waitable->holds, &hold->in_object);
}

static struct leash__hold *hold_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__hold, in_object);
}

struct leash__hold *leash__hold_first(const struct leash__waitable *waitable)
{
    return leash__list_empty(&waitable->holds) ? NULL : hold_of(waitable->holds.next);
}

/* Looked for among what the task holds: that is little, but many may hold a part of a semaphore. */
static struct leash__hold *own_or_oldest(const struct leash__waitable *waitable, const struct leash__task *task)
{
    for (struct leash__hold *hold = task ? task->holds : NULL; hold; hold = hold->next)
        if (hold->object == waitable)
            return hold;
    return leash__hold_first(waitable);
}

void leash__hold_drop(struct leash__hold *hold)
{
    struct leash__hold *first = &hold->object->first;
    if (hold->next)
        hold->next->previous = hold->previous;
    if (hold->previous)
        hold->previous->next = hold->next;
    else if (hold->task)
        hold->task->holds = hold->next;
    leash__list_remove(&hold->in_object);
    if (hold == first)
        *hold = (struct leash__hold){0};
    else
        free(hold);
}

void leash__hold_end(struct leash__waitable *waitable, struct leash__loop *loop, struct leash_site *site)
{
    struct leash__hold *hold = own_or_oldest(waitable, loop->current);
    LEASH__EVENT_NOW(loop, LEASH_EV_RELEASED, site, hold ? hold->task_id : 0, waitable->cell->id);
    if (!hold)
        return;
    if (hold->task && hold->task == loop->current)
        waitable->given_back = true;
    else
        waitable->given_by_others = true;
    leash__hold_drop(hold);
}

enum leash__need leash__holds_needs(const struct leash__waitable *waitable, size_t parts, struct leash__needs *needs)
{
    size_t held = 0, orphaned = 0;
    if (waitable->given_by_others && !needs->standing)
        return LEASH__NEEDS_ANYBODY; /* it is a signal rather than a lock */
    for (struct leash__node *node = waitable->holds.next; node != &waitable->holds; node = node->next, held++) {
        struct leash__task *task = hold_of(node)->task;
        if (!task)
            orphaned++;
        else if (!leash__needs_name(needs, &task->cell))
            return LEASH__NEEDS_ANYBODY;
    }
    if (held != parts || orphaned == held || (orphaned && !needs->standing))
        return LEASH__NEEDS_ANYBODY;
    return LEASH__NEEDS_ONE;
}

bool leash__holds_a_lock(const struct leash__task *task)
{
    for (const struct leash__hold *hold = task->holds; hold; hold = hold->next)
        if (hold->object->type->kind == LEASH_OBJECT_LOCK)
            return true;
    return false;
}

void leash__holds_orphan(struct leash__task *task)
{
    for (struct leash__hold *hold = task->holds, *next; hold; hold = next) {
        next = hold->next;
        hold->task = NULL;
        hold->next = hold->previous = NULL;
    }
    task->holds = NULL;
}
