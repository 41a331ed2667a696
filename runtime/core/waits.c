#include "waits.h"

#include <stdio.h>

#include "future.h"
#include "task.h"

struct leash__task *leash__waits_for_task(const struct leash__task *task)
{
    struct leash__fut *fut = task->waiting;
    if (!fut || fut->kind != LEASH__FUT_TASK || leash__fut_done(fut))
        return NULL;
    return leash__task_of(leash__cell_of(fut));
}

void leash__waits_text(const struct leash__task *task, char *text, size_t size)
{
    const struct leash_site *site = task->await_site;
    struct leash__task *other = leash__waits_for_task(task);
    char target[96];
    text[0] = '\0';
    if (!task->waiting || !task->await_what)
        return;
    if (other)
        snprintf(target, sizeof target, "task #%llu \"%.64s\"", (unsigned long long)other->cell.id,
                 leash__task_name(other));
    else
        snprintf(target, sizeof target, "%s", task->await_what);
    if (site)
        snprintf(text, size, "%s at %s:%u in %s", target, site->file, site->line, site->func);
    else
        snprintf(text, size, "%s", target);
}
