/* Deadlocks: who was in them, who waited behind them, and how they came to an end. */
#include "apply.h"

#include <errno.h>
#include <trace_format.h>

static struct leash__deadlock *leash_deadlock_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__deadlock *deadlock = LEASH__FIND(fold, deadlock, id);
    if (deadlock)
        return LEASH__TOUCH(fold, deadlock, deadlock) < 0 ? NULL : deadlock;
    deadlock = LEASH__ADD(fold, deadlock, id);
    if (deadlock)
        deadlock->row.patch = 1;
    return deadlock;
}

int leash__on_deadlock(struct leash_fold *fold, const struct leash__event *event)
{
    if (!event->b || event->b > LEASH_DEADLOCK_OUTSIDE)
        return -EBADMSG;
    struct leash__deadlock *deadlock = leash_deadlock_fact(fold, event->a);
    if (!deadlock)
        return -ENOMEM;
    deadlock->row.patch = 0;
    deadlock->loop_id = fold->thread->loop_id;
    deadlock->kind = (uint8_t)event->b;
    deadlock->at_ns = leash__now(fold);
    return 0;
}

/* What it waits for then is what it is found by, also if nothing is judged of it. */
int leash__on_deadlock_task(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = event->b ? leash__task_fact(fold, event->b) : NULL;
    struct leash__deadlock_task *member = task ? LEASH__ADD(fold, deadlock_task, 0) : NULL;
    if (!event->b)
        return -EBADMSG;
    if (!member)
        return -ENOMEM;
    member->row.closed = 1;
    member->deadlock_id = event->a;
    member->task_id = event->b;
    member->position = event->c;
    member->await_id = task->await ? task->await->row.id : 0;
    member->hold_site_id = event->site;
    if (member->await_id)
        task->exit_await_id = member->await_id;
    return 0;
}

int leash__on_deadlock_over(struct leash_fold *fold, const struct leash__event *event)
{
    if (!event->b || event->b > LEASH_DEADLOCK_UNDONE)
        return -EBADMSG;
    struct leash__deadlock *deadlock = leash_deadlock_fact(fold, event->a);
    if (!deadlock)
        return -ENOMEM;
    deadlock->over_ns = leash__now(fold);
    deadlock->how = (uint8_t)event->b;
    deadlock->row.closed = 1;
    return 0;
}
