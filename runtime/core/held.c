#include "held.h"

#include "cell.h"
#include "future.h"
#include "loop.h"
#include "ports.h"
#include "strand.h"
#include "task.h"
#include "waits.h"

bool leash__may_be_lost(const struct leash__loop *loop, const struct leash__cell *cell)
{
    return leash__needs_holder(loop, cell) && leash__list_empty(&cell->fut.callbacks);
}

bool leash__needs_holder(const struct leash__loop *loop, const struct leash__cell *cell)
{
    const struct leash__task *task = leash__task_of((struct leash__cell *)(uintptr_t)cell); // NOLINT: only compared
    if (task == loop->main || leash__task_runs(loop, task) || cell->settled || cell->daemon)
        return false;
    const struct leash__node *list = &cell->fut.callbacks;
    for (struct leash__node *node = list->next; node != list; node = node->next) {
        if (!leash__task_of_step(LEASH__CONTAINER(node, struct leash__callback, node)))
            return false; /* not a task that waits for it */
    }
    return true;
}

void leash__loop_contexts(struct leash__loop *loop,
                          void (*fn)(const struct leash__context *context, void *task, void *argument), void *argument)
{
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__task *task = leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node));
        if (task->started && !task->ended && task != loop->current && task != loop->dropping)
            fn(&task->context, leash__needs_holder(loop, &task->cell) ? task : NULL, argument);
    }
    for (struct leash__node *node = loop->strands.next; node != &loop->strands; node = node->next) {
        const struct leash__strand *strand = LEASH__CONTAINER(node, struct leash__strand, node);
        struct leash__task *task = strand->task;
        fn(task ? &strand->outer : &strand->context, task && leash__needs_holder(loop, &task->cell) ? task : NULL,
           argument);
    }
    if (loop->current || loop->dropping)
        fn(&loop->context, NULL, argument);
}

struct leash__stacks *leash__loop_stacks(struct leash__loop *loop)
{
    return loop->stacks;
}

void leash__task_contexts(void *named, void (*fn)(const struct leash__context *context, void *argument), void *argument)
{
    const struct leash__task *task = named;
    if (task->started && !task->ended)
        fn(&task->context, argument);
    for (const struct leash__strand *strand = task->strand; strand; strand = strand->up)
        fn(&strand->outer, argument);
}

void leash__task_kept(void *named, const void **low, const void **high)
{
    const struct leash__task *task = named;
    *low = task;
    *high = task + 1;
}

uint64_t leash__task_awaited(void *named)
{
    const struct leash__task *other = leash__waits_for_task(named);
    return other ? leash__handle_encode(LEASH__HANDLE_TASK, other->cell.slot, other->cell.generation) : 0;
}

struct each_kept {
    struct leash__loop *loop;
    void (*fn)(const void *low, const void *high, void *argument);
    void *argument;
};

static void kept_cell(const struct leash__cell *cell, const void *end, void *argument)
{
    const struct each_kept *each = argument;
    const bool of_task = each->loop && cell->loop == each->loop && cell->kind == LEASH__CELL_TASK;
    if (!of_task || leash__fut_done(&cell->fut) || !leash__needs_holder(each->loop, cell))
        each->fn(cell, end, each->argument);
}

static void kept_thread(const struct leash__thread *thread, void *argument)
{
    const struct each_kept *each = argument;
    each->fn(thread, thread + 1, each->argument);
    if (thread->loop)
        each->fn(thread->loop, thread->loop + 1, each->argument);
}

void leash__kept(struct leash__loop *loop, void (*fn)(const void *low, const void *high, void *argument),
                 void *argument)
{
    struct each_kept each = {loop, fn, argument};
    leash__cells_each(kept_cell, &each);
    leash__threads_each(kept_thread, &each);
}
