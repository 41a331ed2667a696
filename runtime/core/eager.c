/* Eager tasks. Algorithm: CPython 3.12's Task.__eager_start (Lib/asyncio/tasks.py). Here all that they need is a place
 * at the head of the batch: a task that suspends goes on to the first of it, and the loop takes it when one ends. */
#include "future.h"
#include "task.h"

static void queue_first(struct leash__loop *loop, struct leash__callback *callback)
{
    leash__list_append(loop->batch.next, &callback->node);
}

/* The creator is ready behind the task, so that it goes on when that has stopped, whatever that made ready. It stops
 * running, but to the program this is no wait: what it has settled lingers on. */
static void start_from_task(struct leash__task *task, struct leash__task *creator, struct leash__loop *loop)
{
    struct leash__cell *settled = creator->settled;
    creator->settled = NULL;
    creator->stands_aside = true;
    queue_first(loop, &creator->wake);
    queue_first(loop, &task->wake);
    leash__task_suspend(creator);
    creator->stands_aside = false;
    creator->settled = settled;
}

/* Nor is the loop in a step. In front of the mark are the task, and then those that stand aside for others. */
static void start_from_loop(struct leash__task *task, struct leash__loop *loop)
{
    struct leash__callback mark;
    leash__callback_init(&mark, NULL);
    queue_first(loop, &mark);
    queue_first(loop, &task->wake);
    while (loop->batch.next != &mark.node && !loop->dead) {
        struct leash__node *node = leash__list_pop(&loop->batch);
        struct leash__callback *callback = LEASH__CONTAINER(node, struct leash__callback, node);
        callback->run(callback, loop);
    }
    leash__callback_remove(&mark);
}

void leash__task_start_now(struct leash__task *task)
{
    struct leash__loop *loop = task->cell.loop;
    if (loop->dropping)
        return; /* on the stack of a task that may be about to suspend */
    leash__callback_remove(&task->wake);
    if (loop->current)
        start_from_task(task, loop->current, loop);
    else
        start_from_loop(task, loop);
}
