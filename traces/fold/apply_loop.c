/* Loops: when they ran, on which thread, and how they ended. */
#include "apply.h"

#include <errno.h>

/* What is not in memory any more is merged into its row. */
static struct leash__loop *leash_loop_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__loop *loop = LEASH__FIND(fold, loop, id);
    if (loop)
        return LEASH__TOUCH(fold, loop, loop) < 0 ? NULL : loop;
    loop = LEASH__ADD(fold, loop, id);
    if (loop)
        loop->row.patch = 1;
    return loop;
}

int leash__on_loop_begin(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__loop *loop = leash_loop_fact(fold, event->a);
    if (!loop)
        return -ENOMEM;
    if (loop->began_ns)
        return -EBADMSG;
    loop->row.patch = 0;
    loop->thread_id = (uint32_t)fold->thread->row.id;
    loop->site_id = event->site;
    loop->main_task_id = event->b;
    loop->began_ns = leash__now(fold);
    fold->thread->loop_id = event->a;
    struct leash__task *main_task = LEASH__FIND(fold, task, event->b);
    if (!main_task || main_task->loop_id)
        return 0;
    main_task->loop_id = event->a;
    return LEASH__TOUCH(fold, task, main_task);
}

int leash__on_loop_main_ended(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__loop *loop = leash_loop_fact(fold, event->a);
    if (!loop)
        return -ENOMEM;
    loop->main_ended_ns = leash__now(fold);
    loop->main_code = leash__opt(-(int64_t)event->b);
    return 0;
}

int leash__on_loop_end(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__loop *loop = leash_loop_fact(fold, event->a);
    if (!loop)
        return -ENOMEM;
    if (!event->b || event->b > LEASH_LOOP_INTERRUPTED)
        return -EBADMSG;
    loop->ended_ns = leash__now(fold);
    loop->end_kind = (uint8_t)event->b;
    loop->row.closed = 1;
    if (fold->thread->loop_id == event->a)
        fold->thread->loop_id = 0;
    return 0;
}
