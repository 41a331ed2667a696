#include "stood.h"

#include "strand.h"
#include "task.h"

enum { PARTS = 8 }; /* generators in generators, and the task itself */

struct leash__stack_entry *leash__stood(const struct leash__task *task)
{
    const struct leash__context *parts[PARTS];
    unsigned count = 0;
    if (!task->started || task->ended || leash__task_runs(task->cell.loop, task))
        return NULL;
    parts[count++] = &task->context;
    for (const struct leash__strand *strand = task->strand; strand && count < PARTS; strand = strand->up)
        parts[count++] = &strand->outer;
    return leash__stack_suspended(parts, count);
}

void leash__stood_event(struct leash__task *task)
{
    struct leash__events *events = task->cell.loop->events;
    uint64_t stack = events->at ? leash__stack_number(events, leash__stood(task)) : 0;
    if (stack)
        leash__event(events, LEASH_EV_STOOD, NULL, task->cell.id, stack, 0);
}
