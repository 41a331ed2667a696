/* What programs call of tasks: creation, names, who runs. */
#include <leash/task.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "loop.h"
#include "misuse.h"
#include "task.h"

static inline __attribute__((always_inline)) struct leash__task *create_task(leash_coro_t coro, const char *name,
                                                                             const char *call, struct leash_site *site)
{
    struct leash__loop *loop = leash__loop_needed(call, site);
    if (!loop)
        return NULL;
    int error = 0;
    struct leash__cell *cell = leash__cell_find(coro, LEASH__CORO_BIT, call, site, &error);
    if (!cell)
        return NULL;
    struct leash__task *task = leash__task_new(loop, cell, name, site, true);
    if (!task)
        leash__refused(-ENOMEM, "%s: no memory", call);
    return task;
}

leash_task_t leash__create_task(leash_coro_t coro, const char *name, struct leash_site *site)
{
    struct leash__task *task = create_task(coro, name, "leash_create_task", site);
    return task ? leash__cell_handle(&task->cell, LEASH__HANDLE_TASK) : NULL;
}

leash_task_t leash__create_task_eager(leash_coro_t coro, const char *name, struct leash_site *site)
{
    struct leash__task *task = create_task(coro, name, "leash_create_task_eager", site);
    if (!task)
        return NULL;
    leash_task_t handle = leash__cell_handle(&task->cell, LEASH__HANDLE_TASK);
    leash__task_start_now(task);
    return handle; /* the task may have given up its own claim, and be gone */
}

leash_task_t leash_current_task(void)
{
    struct leash__loop *loop = leash__running();
    return loop && loop->current ? leash__cell_handle(&loop->current->cell, LEASH__HANDLE_TASK) : NULL;
}

size_t leash_all_tasks(leash_task_t *out, size_t cap)
{
    struct leash__loop *loop = leash__running();
    size_t count = 0;
    if (!loop)
        return 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next, count++)
        if (out && count < cap)
            out[count] = leash__cell_handle(LEASH__CONTAINER(node, struct leash__cell, node), LEASH__HANDLE_TASK);
    return count;
}

const char *leash__task_name(struct leash__task *task)
{
    struct leash__cell *cell = &task->cell;
    if (cell->name)
        return cell->name;
    snprintf(cell->name_space, sizeof cell->name_space, "Task-%llu", (unsigned long long)cell->id);
    return cell->name_space;
}

const char *leash_task_name(leash_task_t handle)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__TASK_BIT, "leash_task_name", NULL, &error);
    return cell ? leash__task_name(leash__task_of(cell)) : NULL;
}

int leash_task_set_name(leash_task_t handle, const char *name)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__TASK_BIT, "leash_task_set_name", NULL, &error);
    if (!cell)
        return error;
    if (!name)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_task_set_name: the name is NULL");
    char *copy = strdup(name);
    if (!copy)
        return leash__refused(-ENOMEM, "leash_task_set_name: no memory");
    free(cell->name);
    cell->name = copy;
    if (cell->loop->events->at)
        leash__events_text(cell->loop->events, LEASH_EV_NAME, NULL, cell->id, LEASH_SUBJECT_TASK, name, strlen(name));
    return 0;
}

struct leash__task *leash__task_missing(const char *call, struct leash_site *site)
{
    struct leash__loop *loop = leash__running();
    if (leash__forked())
        leash__no_loop(call, site);
    else
        leash__misuse(LEASH_MISUSE_NOT_IN_TASK, site, -EPERM, "%s: only a task can wait; this is %s", call,
                      loop ? "a callback of the loop" : "no running event loop");
    return NULL;
}
