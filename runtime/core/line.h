/* Lines: tasks that wait for their turn with an object. */
#ifndef LEASH_CORE_LINE_H
#define LEASH_CORE_LINE_H

#include <errno.h>

#include "await.h"
#include "waitable.h"

/* One that waits in a line. On its task's stack. */
struct leash__waiter {
    struct leash__node node; /* in the line */
    struct leash__fut fut;
    struct leash__task *task;
};

/* Puts the running task at the end of a line and suspends it until its future is done or it is cancelled; it is out of
 * the line then. True if a cancellation was thrown in, or reached it through the future. Asyncio's
 *     waiters.append(fut); try: await fut; finally: waiters.remove(fut) */
bool leash__waitable_wait(struct leash__waitable *waitable, struct leash__node *line, struct leash__waiter *waiter,
                          struct leash_site *site);
/* The same, for where so much is waited that each return after a switch counts. */
static inline __attribute__((always_inline)) bool leash__waitable_wait_here(struct leash__waitable *waitable,
                                                                            struct leash__node *line,
                                                                            struct leash__waiter *waiter,
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
    bool cancelled = leash__await_fut(task, &waiter->fut) || waiter->fut.state == LEASH__CANCELLED;
    leash__list_remove(&waiter->node);
    task->line = NULL;
    LEASH__EVENT_NOW(loop, LEASH_EV_WAKE, NULL, task->cell.id, cancelled ? ECANCELED : 0);
    return cancelled;
}
static inline struct leash__waiter *leash__waiter_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__waiter, node);
}
/* Wakes the first of a line whose future is pending, as `for fut in waiters: if not fut.done()` does. False: none. */
bool leash__line_wake_next(struct leash__loop *loop, struct leash__node *line);
/* Wakes all whose futures are pending. */
void leash__line_wake_all(struct leash__loop *loop, struct leash__node *line);

#endif
