/* Algorithm: CPython 3.11's Task.cancel, Future.cancel and _GatheringFuture.cancel (tasks.py, futures.py), which call
 * one another along what waits for what. Here the walk keeps its own stack, threaded through the tasks and gathers on
 * the path, so that a chain of any length fits any stack, and a cycle, in which CPython recurses for good (gh-80637),
 * ends where it closes. */
#include "cancel.h"

#include <errno.h>
#include <leash/task.h>
#include <string.h>

#include "cell.h"
#include "deadlock.h"
#include "failure.h"
#include "future.h"
#include "gather.h"
#include "judge.h"
#include "misuse.h"

struct walk {
    struct leash__loop *loop;
    struct leash__failure *message;
    bool asked;                    /* by the program */
    struct leash__task *path;      /* tasks on the path, innermost first */
    struct leash__gather *gathers; /* gathers on the path, innermost first */
};

static bool cancel_plain(struct walk *walk, struct leash__fut *fut)
{
    leash__fut_hide(fut);
    if (leash__fut_done(fut))
        return false;
    if (fut->kind < LEASH__FUT_FUTURE) { /* in no cell: nobody would free the message; the task has it */
        leash__fut_set_cancelled(walk->loop, fut, NULL);
        return true;
    }
    leash__fut_set_cancelled(walk->loop, fut, leash__failure_ref(walk->message));
    leash__future_event(walk->loop, leash__cell_of(fut));
    return true;
}

/* Who is asked because another is that waits for it. */
static void tell_passed_on(const struct walk *walk, const struct leash__task *task)
{
    if (walk->path || walk->gathers)
        LEASH__EVENT_NOW(walk->loop, LEASH_EV_CANCEL_AWAITED, NULL, task->cell.id,
                         walk->path ? walk->path->cell.id : 0);
}

static void note_request(struct walk *walk, struct leash__task *task)
{
    tell_passed_on(walk, task);
    leash__deadlock_cancelled(walk->loop, task);
    task->asked |= walk->asked;
    task->cancels++;
    leash__failure_set(&task->cancel_message, leash__failure_ref(walk->message));
    task->on_path = true;
    task->path = walk->path;
    walk->path = task;
}

static void leave_path(struct walk *walk, const struct leash__task *until)
{
    while (walk->path != until) {
        walk->path->on_path = false;
        walk->path = walk->path->path;
    }
}

static void enter_gather(struct walk *walk, struct leash__gather *gather, struct leash__task *waiter)
{
    gather->walk_waiter = waiter;
    gather->walk_path = walk->path;
    gather->walk_next = 0;
    gather->walk_requested = false;
    gather->walk_outer = walk->gathers;
    gather->on_path = true;
    walk->gathers = gather;
}

/* Goes from a future along the chain of tasks that wait for one another. True: *result is the answer of its cancel().
 * False: a gather was entered, whose children come first. */
static bool descend(struct walk *walk, struct leash__fut *fut, bool *result)
{
    struct leash__task *waiter = NULL; /* the task that waits for fut */
    for (;;) {
        bool requested;
        if (fut->kind <= LEASH__FUT_JOB) {
            requested = cancel_plain(walk, fut);
        } else if (fut->kind == LEASH__FUT_GATHER) {
            struct leash__gather *gather = leash__gather_of(fut);
            if (!leash__fut_done(fut) && !gather->on_path) {
                enter_gather(walk, gather, waiter);
                return false;
            }
            requested = !leash__fut_done(fut);
            if (requested)
                leash__judge_cycle(gather->cell);
        } else {
            struct leash__task *task = leash__task_of(leash__cell_of(fut));
            leash__fut_hide(fut);
            requested = !leash__fut_done(fut);
            if (requested && task->on_path) {
                leash__judge_cycle(&task->cell);
            } else if (requested) {
                note_request(walk, task);
                if (task->waiting) {
                    waiter = task;
                    fut = task->waiting;
                    continue;
                }
                task->must_cancel = true;
            }
        }
        if (waiter && !requested)
            waiter->must_cancel = true; /* what it waited for is over: its step is queued already */
        *result = waiter || requested;
        return true;
    }
}

/* The next child of the innermost gather, or its end: then *result is what its cancel() answered. */
static bool ascend(struct walk *walk, struct leash__fut **next, bool *result)
{
    struct leash__gather *gather = walk->gathers;
    leave_path(walk, gather->walk_path);
    if (gather->walk_next < gather->count) {
        *next = &gather->children[gather->walk_next++]->fut;
        return true;
    }
    struct leash__task *waiter = gather->walk_waiter;
    if (gather->walk_requested)
        gather->cancel_requested = true;
    else if (waiter)
        waiter->must_cancel = true;
    *result = waiter || gather->walk_requested;
    gather->on_path = false;
    walk->gathers = gather->walk_outer;
    return false;
}

bool leash__cancel_fut(struct leash__loop *loop, struct leash__fut *fut, struct leash__failure *message, bool asked)
{
    struct walk walk = {.loop = loop, .message = message, .asked = asked};
    bool result = false;
    leash__failure_ref(message);
    bool answered = descend(&walk, fut, &result);
    while (!answered || walk.gathers) {
        if (answered)
            walk.gathers->walk_requested |= result;
        struct leash__fut *child = NULL;
        answered = ascend(&walk, &child, &result) ? descend(&walk, child, &result) : true;
    }
    leave_path(&walk, NULL);
    leash__failure_unref(message);
    return result;
}

void leash__cancel_main(struct leash__loop *loop, struct leash__failure *message)
{
    struct leash__task *task = loop->main;
    const struct leash__node *last = loop->ready.prev;
    LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TASK, NULL, task->cell.id, 0);
    leash__cancel_fut(loop, &task->cell.fut, message, false);
    if (loop->ready.prev == last && task->waiting && !leash__fut_done(task->waiting))
        leash__cancel_main_itself(loop);
}

void leash__cancel_main_itself(struct leash__loop *loop)
{
    struct leash__task *task = loop->main;
    task->must_cancel = true;
    leash__callback_remove(&task->wake);
    leash__queue(loop, &task->wake);
}

static void cancel_event(struct leash__loop *loop, const struct leash__cell *cell, struct leash_site *site,
                         const char *message)
{
    if (!loop->events->at)
        return;
    bool is_task = cell->kind == LEASH__CELL_TASK;
    LEASH__EVENT_NOW(loop, is_task ? LEASH_EV_CANCEL_TASK : LEASH_EV_CANCEL_FUTURE, site, cell->id,
                     loop->current ? loop->current->cell.id : 0);
    if (message)
        leash__events_text(loop->events, LEASH_EV_CANCEL_MESSAGE, NULL, cell->id,
                           is_task ? LEASH_SUBJECT_TASK : LEASH_SUBJECT_FUTURE, message, strlen(message));
}

int leash__cancel(const void *handle, const char *message, struct leash_site *site)
{
    int error = 0;
    if (leash__handle_is_stale(handle))
        return 0;
    struct leash__cell *cell =
        leash__cell_find(handle, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_cancel", site, &error);
    if (!cell)
        return error;
    struct leash__loop *loop = cell->loop;
    bool was_done = leash__fut_done(&cell->fut);
    struct leash__failure *text = message ? leash__failure_text(-ECANCELED, message) : NULL;
    if (!was_done)
        cancel_event(loop, cell, site, message);
    bool requested = leash__cancel_fut(loop, &cell->fut, text, true);
    leash__failure_unref(text);
    return requested;
}

int leash_cancelling(leash_task_t handle)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__TASK_BIT, "leash_cancelling", NULL, &error);
    return cell ? (int)leash__task_of(cell)->cancels : error;
}

void leash__uncancelled(struct leash__task *task)
{
    if (task->cancels == task->spent)
        task->asked = task->answers = task->ignores = false;
}

unsigned leash__uncancel(struct leash__task *task)
{
    if (task->cancels > 0)
        task->cancels--;
    if (task->spent > task->cancels)
        task->spent = task->cancels;
    leash__uncancelled(task);
    return task->cancels;
}

int leash_uncancel(leash_task_t handle)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__TASK_BIT, "leash_uncancel", NULL, &error);
    if (!cell)
        return error;
    struct leash__task *task = leash__task_of(cell);
    unsigned remain = leash__uncancel(task);
    LEASH__EVENT_NOW(cell->loop, LEASH_EV_UNCANCEL, NULL, cell->id, remain);
    return (int)remain;
}
