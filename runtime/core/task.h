/* Tasks: creation, steps, end. */
#ifndef LEASH_CORE_TASK_H
#define LEASH_CORE_TASK_H

#include "types.h"

/* Makes a task of a coroutine's cell (which must be unused) and queues its first step. NULL: no memory for the name.
 * The handle stays slot and generation of the coroutine. The task carries the creator's claim if `owner`. */
struct leash__task *leash__task_new(struct leash__loop *loop, struct leash__cell *coro, const char *name,
                                    struct leash_site *site, bool owner);

/* Makes a new task's first step now, not in its turn; returns when it waits or has ended. In a function that drops:
 * leaves it to its turn. */
void leash__task_start_now(struct leash__task *task);

/* Whether the task is in the middle of a step: it runs, or one that it starts eagerly does. */
static inline bool leash__task_runs(const struct leash__loop *loop, const struct leash__task *task)
{
    return task == loop->current || task->stands_aside;
}

/* The task whose next step a callback is; NULL: it is something else. */
struct leash__task *leash__task_of_step(struct leash__callback *callback);

/* Suspends the running task until it is woken through its `wake`, which the caller has put into a list. */
void leash__task_suspend(struct leash__task *task);

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
