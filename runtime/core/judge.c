#include "judge.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "callback.h"
#include "cell.h"
#include "deadlock_known.h"
#include "failure.h"
#include "future.h"
#include "hold.h"
#include "items.h"
#include "leaks.h"
#include "lost.h"
#include "standstill.h"
#include "stood.h"
#include "task.h"
#include "unbound.h"
#include "victims.h"
#include "waitable.h"

static __thread struct {
    void (*fn)(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg);
    void *arg;
} hook;

void leash__judge_hook(void (*fn)(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg), void *arg)
{
    hook.fn = fn;
    hook.arg = arg;
}

static enum leash__handle_kind handle_kind(const struct leash__cell *cell)
{
    switch (cell->kind) {
    case LEASH__CELL_TASK:
        return LEASH__HANDLE_TASK;
    case LEASH__CELL_FUTURE:
        return LEASH__HANDLE_FUTURE;
    default:
        return LEASH__HANDLE_CORO;
    }
}

static void tell_hook(struct leash__cell *cell, unsigned facts)
{
    if (hook.fn)
        hook.fn(leash__subject_of(cell), (uint64_t)(uintptr_t)leash__cell_handle(cell, handle_kind(cell)), facts,
                hook.arg);
}

/* Facts are told of once each. */
static void judge(struct leash__cell *cell, unsigned facts)
{
    facts &= ~cell->facts;
    if (!facts)
        return;
    cell->facts |= facts;
    enum leash_subject subject = leash__subject_of(cell);
    if (leash__self_pointer)
        leash__event(&leash__self_pointer->events, LEASH_EV_JUDGED, NULL,
                     subject == LEASH_SUBJECT_CORO ? cell->coro_id : cell->id, subject, facts);
    tell_hook(cell, facts);
}

void leash__judge_cycle(struct leash__cell *cell)
{
    tell_hook(cell, LEASH__JUDGE_CANCEL_CYCLE);
}

void leash__judge_ignores(struct leash__task *task)
{
    judge(&task->cell, LEASH_FACT_IGNORES);
}

void leash__judge_holds(struct leash__task *task)
{
    if (leash__holds_a_lock(task))
        judge(&task->cell, LEASH_FACT_HOLDS);
    leash__holds_orphan(task);
}

static unsigned waiters(const struct leash__cell *cell)
{
    unsigned facts = 0;
    const struct leash__node *list = &cell->fut.callbacks;
    for (const struct leash__node *node = list->next; node != list; node = node->next) {
        const struct leash__callback *callback = LEASH__CONTAINER(node, struct leash__callback, node);
        facts |= leash__is_done_callback(callback) ? LEASH_FACT_CALLBACK : LEASH_FACT_WAITED;
    }
    return facts;
}

static unsigned intentions(const struct leash__cell *cell)
{
    return (cell->daemon ? LEASH_FACT_DAEMON : 0u) | (cell->detached ? LEASH_FACT_DETACHED : 0u) |
           (cell->settled ? 0u : LEASH_FACT_UNSETTLED);
}

static unsigned pending_facts(const struct leash__task *task)
{
    const struct leash__cell *cell = &task->cell;
    return LEASH_FACT_PENDING | waiters(cell) | intentions(cell) |
           (task->cancels > task->spent ? LEASH_FACT_CANCELLED : 0u) | (cell->lost ? LEASH_FACT_LOST : 0u);
}

void leash__judge_pending(struct leash__loop *loop)
{
    if (loop->judged)
        return; /* exit() during the clean-up */
    loop->judged = true;
    leash__lost_mark(loop);
    leash__deadlocks_look_after(loop);
    leash__standstill_judge(loop);
    leash__victims_note(loop, NULL);
    leash__victims_of_deadlocks(loop);
    leash__deadlocks_forget(loop);
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        struct leash__task *task = leash__task_of(cell);
        if (leash__task_runs(loop, task))
            continue;
        leash__stood_event(task);
        if (task == loop->main)
            continue;
        judge(cell, pending_facts(task));
        leash__leak_waits(task);
    }
}

static unsigned failure_facts(const struct leash__fut *fut)
{
    return fut->unseen == LEASH__SEEN ? 0u : fut->unseen == LEASH__HIDDEN ? LEASH_FACT_HIDDEN : LEASH_FACT_UNRETRIEVED;
}

static unsigned facts_at_end(const struct leash__cell *cell)
{
    switch (cell->kind) {
    case LEASH__CELL_CORO:
        return cell->used ? 0 : LEASH_FACT_NEVER_AWAITED;
    case LEASH__CELL_TASK:
        if (!leash__fut_done(&cell->fut)) /* the clean-up could not end it */
            return leash__task_of((struct leash__cell *)(uintptr_t)cell)->ignores ? LEASH_FACT_IGNORES : 0u; // NOLINT
        return intentions(cell) | failure_facts(&cell->fut) |
               (cell->lost && !(cell->facts & LEASH_FACT_LOST) ? LEASH_FACT_LOST_EARLIER : 0u);
    case LEASH__CELL_FUTURE:
        return failure_facts(&cell->fut);
    case LEASH__CELL_OBJECT:
        return leash__waitable_facts(cell);
    default:
        return 0;
    }
}

unsigned leash__judge_facts(struct leash__cell *cell)
{
    if (cell->kind == LEASH__CELL_TASK && !leash__fut_done(&cell->fut))
        return pending_facts(leash__task_of(cell));
    return facts_at_end(cell);
}

void leash__judge_released(struct leash__cell *cell)
{
    unsigned facts = facts_at_end(cell);
    const unsigned harmless = LEASH_FACT_DAEMON | LEASH_FACT_DETACHED;
    if (facts & ~harmless)
        judge(cell, facts);
    leash__leak_judged(cell);
}

static void judge_list(struct leash__node *list)
{
    for (struct leash__node *node = list->next; node != list; node = node->next)
        leash__judge_released(LEASH__CONTAINER(node, struct leash__cell, node));
}

void leash__judge_rest(struct leash__loop *loop)
{
    judge_list(&loop->cells);
    judge_list(&loop->tasks); /* what the clean-up could not end */
}

void leash__judge_orphans(struct leash__thread *thread)
{
    struct leash__cell *coro;
    while ((coro = leash__unbound_pop(thread))) {
        leash__judge_released(coro);
        if (coro->kind == LEASH__CELL_OBJECT)
            leash__cell_free(coro);
    }
}
