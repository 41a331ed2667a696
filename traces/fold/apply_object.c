/* What is done with objects: who holds them, and what was asked of them. */
#include "apply.h"

#include <errno.h>

int leash__on_limit(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = leash__object_fact(fold, event->a);
    if (!object)
        return -ENOMEM;
    object->capacity = leash__opt((int64_t)event->b);
    return 0;
}

/* ---- holding ---- */

int leash__on_acquired(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = event->b ? leash__object_alive(fold, event->b) : NULL;
    if (!event->b || (object && object->ended_ns))
        return -EBADMSG;
    struct leash__hold *hold = object ? LEASH__ADD(fold, hold, 0) : NULL;
    if (!hold)
        return -ENOMEM;
    hold->object_id = event->b;
    hold->task_id = event->a;
    hold->site_id = event->site;
    hold->began_ns = leash__now(fold);
    hold->next = object->holds;
    object->holds = hold;
    return 0;
}

int leash__end_holds(struct leash_fold *fold, struct leash__object *object)
{
    for (struct leash__hold *hold = object->holds, *next; hold; hold = next) {
        next = hold->next;
        if (LEASH__TOUCH(fold, hold, hold) < 0)
            return -ENOMEM;
        hold->ended_ns = leash__now(fold);
        leash__table_close(LEASH__TABLE(fold, hold), hold);
    }
    object->holds = NULL;
    return 0;
}

/* The task's hold; the oldest, which is last, if it has none: others may give up for it. */
static struct leash__hold **leash_hold_of(struct leash__object *object, uint64_t task)
{
    struct leash__hold **found = NULL, **oldest = NULL;
    for (struct leash__hold **at = &object->holds; *at; at = &(*at)->next) {
        if ((*at)->task_id == task)
            found = at;
        oldest = at;
    }
    return found ? found : oldest;
}

int leash__on_released(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = LEASH__FIND(fold, object, event->b);
    struct leash__hold **place = object ? leash_hold_of(object, event->a) : NULL;
    if (!place)
        return 0; /* a semaphore may be given what nobody took */
    struct leash__hold *hold = *place;
    if (LEASH__TOUCH(fold, hold, hold) < 0)
        return -ENOMEM;
    *place = hold->next;
    hold->ended_ns = leash__now(fold);
    leash__table_close(LEASH__TABLE(fold, hold), hold);
    return 0;
}

/* ---- operations ---- */

int leash__on_object_op(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object_op *op = LEASH__ADD(fold, object_op, 0);
    if (!op)
        return -ENOMEM;
    op->row.closed = 1;
    op->object_id = event->a;
    op->op = (uint8_t)(event->kind - LEASH_EV_SET + 1);
    op->task_id = event->b;
    op->site_id = event->site;
    op->at_ns = leash__now(fold);
    fold->totals.counts.object_ops++;
    return 0;
}
