/* Awaiting: the point where a task stops until a future is finished. What runs right after a switch is inline: the
 * processor guesses every return from there wrong. */
#ifndef LEASH_CORE_AWAIT_H
#define LEASH_CORE_AWAIT_H

#include "cancel.h"
#include "future.h"
#include "task.h"

/* Whether a cancellation is thrown in, now that the task runs again. */
static inline bool leash__thrown_in(struct leash__task *task)
{
    bool thrown = task->must_cancel;
    task->must_cancel = false;
    return thrown;
}
/* `await fut` of a pending future, as Future.__await__ and Task.__step do it: queues the task's wake-up, hands a
 * cancellation that waits on to the future, suspends. True if a cancellation was thrown into the task (then fut may or
 * may not be finished); else it is finished. */
static inline bool leash__await_fut(struct leash__task *task, struct leash__fut *fut)
{
    leash__list_append(&fut->callbacks, &task->wake.node);
    task->waiting = fut;
    if (task->must_cancel && leash__cancel_fut(task->cell.loop, fut, task->cancel_message, task->asked))
        task->must_cancel = false;
    leash__task_suspend(task);
    task->waiting = NULL;
    fut->unseen = LEASH__SEEN; /* __wakeup looks at the result before anything else */
    return leash__thrown_in(task);
}
/* A bare yield: true if a cancellation was thrown in. */
static inline bool leash__yield(struct leash__task *task)
{
    leash__queue(task->cell.loop, &task->wake);
    leash__task_suspend(task);
    return leash__thrown_in(task);
}
/* Waits on a waiter of the caller's stack: true if cancelled, be it thrown in or through the waiter. */
bool leash__await_waiter(struct leash__task *task, struct leash__fut *waiter);
/* Notes that a cancellation reached the running task. */
void leash__delivered(struct leash__task *task);
/* The same of its running body, which is told why; returns -ECANCELED. */
int leash__cancelled_here(struct leash__task *task);
/* Hands a finished cell's outcome to the running task: code and *result; settles the claim, remembers a failure. */
int leash__deliver(struct leash__task *task, struct leash__cell *cell, void **result);
/* leash_await of a task or future cell. */
int leash__await_cell(struct leash__task *task, struct leash__cell *cell, void **result, struct leash_site *site);

/* Where and why a task is about to wait, for dumps. Who was cancelled and waits all the same goes on. */
static inline void leash__waits_at(struct leash__task *task, struct leash_site *site, const char *what)
{
    task->await_site = site;
    task->await_what = what;
    if (__builtin_expect(task->answers, 0) && !task->deferring)
        task->ignores = true;
}

#endif
