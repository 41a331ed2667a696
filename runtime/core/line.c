#include "line.h"

#include "future.h"

bool leash__waitable_wait(struct leash__waitable *waitable, struct leash__node *line, struct leash__waiter *waiter,
                          struct leash_site *site)
{
    waitable->cell->loop->chained = true;
    return leash__line_wait(waitable, line, waiter, site);
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
