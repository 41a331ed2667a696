#include "waiters.h"

void leash__waiters_add(struct leash__waiters *waiters, struct leash__await *await)
{
    await->target = waiters;
    await->previous = NULL;
    await->next = waiters->first;
    if (await->next)
        await->next->previous = await;
    waiters->first = await;
}

void leash__waiters_remove(struct leash__await *await)
{
    if (!await->target)
        return;
    if (await->previous)
        await->previous->next = await->next;
    else
        await->target->first = await->next;
    if (await->next)
        await->next->previous = await->previous;
    await->target = NULL;
}

struct leash__waiters *leash__waiters_of(struct leash_fold *fold, unsigned kind, uint64_t id, bool *over)
{
    struct leash__task *task = kind == LEASH_SUBJECT_TASK ? LEASH__FIND(fold, task, id) : NULL;
    struct leash__future *future = kind == LEASH_SUBJECT_FUTURE ? LEASH__FIND(fold, future, id) : NULL;
    struct leash__object *object = kind == LEASH_SUBJECT_OBJECT ? LEASH__FIND(fold, object, id) : NULL;
    *over = (task && (task->ended_ns || task->row.patch)) || (future && (future->ended_ns || future->row.patch)) ||
            (object && (object->ended_ns || object->row.patch));
    return task ? &task->waiters : future ? &future->waiters : object ? &object->waiters : NULL;
}
