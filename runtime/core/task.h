/* Tasks: creation, steps, end. */
#ifndef LEASH_CORE_TASK_H
#define LEASH_CORE_TASK_H

#include "types.h"

/* Makes a task of a coroutine's cell (which must be unused) and queues its first step. NULL: no memory for the name.
 * The handle stays slot and generation of the coroutine. The task carries the creator's claim if `owner`. */
struct leash__task *leash__task_new(struct leash__loop *loop, struct leash__cell *coro, const char *name,
                                    struct leash_site *site, bool owner);

/* Suspends the running task until it is woken through its `wake`, which the caller has put into a list. */
void leash__task_suspend(struct leash__task *task);

/* Lets go of the cells that linger with a task, because it suspends or ends. */
void leash__task_settled_go(struct leash__task *task);
/* Settles the claim of a finished cell. It lingers with the task, if any, that the outcome was just delivered to. */
void leash__settle(struct leash__cell *cell, struct leash__task *by);
/* The same for an outcome that was delivered to whoever runs: with a callback it lingers until the loop comes
 * round. `loop` is the cell's: NULL if it met none. */
void leash__settle_for(struct leash__cell *cell, struct leash__loop *loop);
/* Lets go of the cells of a list, which linger there. */
void leash__settled_go(struct leash__cell **list);

/* The task's name, made at first asking. */
const char *leash__task_name(struct leash__task *task);
/* The running task; outside one NULL, a message (as misuse of `call`), and errno. */
struct leash__task *leash__task_missing(const char *call, struct leash_site *site);
static inline struct leash__task *leash__task_needed(const char *call, struct leash_site *site)
{
    struct leash__loop *loop = leash__running();
    if (__builtin_expect(loop && loop->current, 1))
        return loop->current;
    return leash__task_missing(call, site);
}
/* Frees a task that will never run again, stack unrun. Nothing may list its callbacks any more. */
void leash__task_abandon(struct leash__task *task);

#endif
