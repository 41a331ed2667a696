#include "waits.h"

#include <stdio.h>

#include "future.h"
#include "hold.h"
#include "task.h"

struct leash__task *leash__waits_for_task(const struct leash__task *task)
{
    struct leash__fut *fut = task->waiting;
    if (!fut || fut->kind != LEASH__FUT_TASK || leash__fut_done(fut))
        return NULL;
    return leash__task_of(leash__cell_of(fut));
}

/* `lock "jobs", held by task #5 "worker"`. */
static void line_text(const struct leash__waitable *waitable, char *text, size_t size)
{
    const char *name = leash__waitable_name(waitable);
    const struct leash__hold *hold = leash__hold_first(waitable);
    int length = snprintf(text, size, *name ? "%s \"%.64s\"" : "%s", waitable->type->name, name);
    if (!hold || length < 0 || (size_t)length >= size)
        return;
    if (hold->task)
        snprintf(text + length, size - (size_t)length, ", held by task #%llu \"%.64s\"",
                 (unsigned long long)hold->task_id, leash__task_name(hold->task));
    else
        snprintf(text + length, size - (size_t)length, ", held by task #%llu, which has ended",
                 (unsigned long long)hold->task_id);
}

/* What it waits for. */
static void target_text(const struct leash__task *task, char *text, size_t size)
{
    struct leash__task *other = leash__waits_for_task(task);
    const struct leash__fut *fut = task->waiting;
    if (fut && fut->kind == LEASH__FUT_JOB)
        snprintf(text, size, "thread job %s", LEASH__CONTAINER(fut, const struct leash__cell, fut)->site->expr);
    else if (task->line)
        line_text(task->line, text, size);
    else if (other)
        snprintf(text, size, "task #%llu \"%.64s\"", (unsigned long long)other->cell.id, leash__task_name(other));
    else
        snprintf(text, size, "%s", task->await_what);
}

void leash__waits_text(const struct leash__task *task, char *text, size_t size)
{
    const struct leash_site *site = task->await_site;
    char target[224];
    text[0] = '\0';
    if (!task->waiting || !task->await_what)
        return;
    target_text(task, target, sizeof target);
    if (site)
        snprintf(text, size, "%s at %s:%u in %s", target, site->file, site->line, site->func);
    else
        snprintf(text, size, "%s", target);
}
