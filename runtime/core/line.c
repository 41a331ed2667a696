#include "line.h"

#include <errno.h>

#include "await.h"
#include "future.h"

bool leash__waitable_wait(struct leash__waitable *waitable, struct leash__node *line, struct leash__waiter *waiter,
                          struct leash_site *site)
{
    struct leash__loop *loop = waitable->cell->loop;
    struct leash__task *task = loop->current;
    waiter->task = task;
    leash__fut_init(&waiter->fut, LEASH__FUT_PLAIN);
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_OBJECT, site, task->cell.id, waitable->cell->id);
    leash__waits_at(task, site, waitable->type->name);
    task->line = waitable;
    leash__list_append(line, &waiter->node);
    bool cancelled = leash__await_waiter(task, &waiter->fut);
    leash__list_remove(&waiter->node);
    task->line = NULL;
    LEASH__EVENT_NOW(loop, LEASH_EV_WAKE, NULL, task->cell.id, cancelled ? ECANCELED : 0);
    return cancelled;
}

bool leash__line_wake_next(struct leash__loop *loop, struct leash__node *line)
{
    for (struct leash__node *node = line->next; node != line; node = node->next) {
        struct leash__fut *fut = &leash__waiter_of(node)->fut;
        if (leash__fut_done(fut))
            continue;
        leash__fut_wake(loop, fut);
        return true;
    }
    return false;
}

void leash__line_wake_all(struct leash__loop *loop, struct leash__node *line)
{
    for (struct leash__node *node = line->next; node != line; node = node->next)
        leash__fut_wake(loop, &leash__waiter_of(node)->fut);
}

void leash__line_leave(const struct leash__task *task)
{
    if (task->line)
        leash__list_remove(&LEASH__CONTAINER(task->waiting, struct leash__waiter, fut)->node);
}
