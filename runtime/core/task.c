#include "task.h"

#include <errno.h>
#include <own_frame.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zero.h>

#include "cell.h"
#include "coro.h"
#include "deadlock.h"
#include "failure.h"
#include "future.h"
#include "hold.h"
#include "judge.h"
#include "leak_scope.h"
#include "local.h"
#include "loop.h"
#include "misuse.h"
#include "overflow.h"
#include "settle.h"
#include "strand.h"

static void step(struct leash__callback *callback, struct leash__loop *loop);

struct leash__task *leash__task_new(struct leash__loop *loop, struct leash__cell *coro, const char *name,
                                    struct leash_site *site, bool owner)
{
    char *copy = NULL;
    if (name && !(copy = strdup(name)))
        return NULL;
    leash__coro_bind(coro, loop);
    leash__list_remove(&coro->node);
    struct leash__task *task = leash__task_of(coro);
    leash__zero((char *)task + sizeof task->cell, sizeof *task - sizeof task->cell);
    coro->used = true;
    coro->owner = owner;
    coro->name = copy;
    coro->site = site;
    coro->leak_scope = leash__leak_scope_here();
    coro->fut.kind = LEASH__FUT_TASK;
    coro->id = leash__id(loop->thread, LEASH__ID_TASK);
    __atomic_store_n(&coro->kind, (uint8_t)LEASH__CELL_TASK, __ATOMIC_RELAXED);
    leash__list_append(&loop->tasks, &coro->node);
    leash__callback_init(&task->wake, step);
    task->locals = leash__locals_inherit();
    leash__queue(loop, &task->wake);
    if (__builtin_expect(loop->events->at != NULL, 0)) {
        leash__event(loop->events, LEASH_EV_TASK, site, coro->id, coro->coro_id,
                     loop->current ? loop->current->cell.id : 0);
        leash__leak_scope_event(loop->events, LEASH_SUBJECT_TASK, coro->id, coro->leak_scope);
        if (name)
            leash__events_text(loop->events, LEASH_EV_NAME, NULL, coro->id, LEASH_SUBJECT_TASK, name, strlen(name));
        if (loop->events->stacks)
            leash__events_stack(loop->events, coro->id, LEASH_SUBJECT_TASK, 2);
    }
    return task;
}

/* ---- the end of a task ---- */

static void finish_event(struct leash__loop *loop, const struct leash__cell *cell)
{
    if (__builtin_expect(loop->events->at == NULL, 1))
        return;
    if (cell->fut.state == LEASH__CANCELLED) {
        LEASH__EVENT_NOW(loop, LEASH_EV_CANCELLED, NULL, cell->id, 0);
    } else if (cell->fut.code < 0) {
        leash__failure_event(loop, LEASH_SUBJECT_TASK, cell->id, cell->fut.failure);
        LEASH__EVENT_NOW(loop, LEASH_EV_FAILED, NULL, cell->id, (uint64_t)-cell->fut.code);
    } else {
        LEASH__EVENT_NOW(loop, LEASH_EV_DONE, NULL, cell->id, (uint64_t)cell->fut.code);
    }
}

static void finish_cancelled(struct leash__task *task, struct leash__loop *loop, struct leash__failure *message)
{
    if (!message)
        message = leash__failure_ref(task->cancel_message);
    leash__fut_set_cancelled(loop, &task->cell.fut, message);
}

static void finish(struct leash__task *task, struct leash__loop *loop, const struct leash__ending *ending,
                   const struct leash__frame *frame)
{
    struct leash__cell *cell = &task->cell;
    if (ending->state == LEASH__CANCELLED) {
        finish_cancelled(task, loop, ending->failure);
    } else if (ending->code < 0) {
        leash__fut_set_failure(loop, &cell->fut, ending->code, ending->failure);
    } else if (task->must_cancel) { /* cancelled right before it ended */
        task->must_cancel = false;
        leash__drop(frame->drop, frame->result);
        finish_cancelled(task, loop, NULL);
    } else {
        leash__fut_set_result(loop, &cell->fut, ending->code, frame->result, frame->drop);
    }
    finish_event(loop, cell);
}

/* What is to be said of a few. */
static void remark(struct leash__task *task)
{
    if (task->deadlock)
        leash__deadlock_left(task);
    if (task->ignores && task->cell.fut.state != LEASH__CANCELLED)
        leash__judge_ignores(task);
}

/* What a finished task no longer needs; its cell may go with it. */
static void retire(struct leash__task *task, struct leash__loop *loop)
{
    struct leash__cell *cell = &task->cell;
    cell->holds++; /* it lingers with itself if it gave up its own handle */
    leash__task_settled_go(task);
    leash__failure_set(&task->last_failure, NULL);
    leash__failure_set(&task->cancel_message, NULL);
    leash__locals_unref(task->locals);
    task->locals = NULL;
    leash__leak_scopes_left(cell->id, NULL);
    if (__builtin_expect(task->ignores || task->deadlock, 0))
        remark(task);
    if (task->holds)
        leash__judge_holds(task);
    leash__list_remove(&cell->node);
    leash__list_append(&loop->cells, &cell->node);
    cell->holds--;
    leash__cell_release(cell);
}

/* ---- steps ---- */

LEASH__OWN_FRAME static void entry(void *argument)
{
    struct leash__task *task = argument;
    struct leash__loop *loop = task->cell.loop;
    struct leash__frame frame;
    int code = leash__body_run(task, &task->cell, &frame);
    struct leash__ending ending = leash__body_ending(task, &frame, code);
    finish(task, loop, &ending, &frame);
    task->ended = true;
    leash__context_exit(&task->context, &loop->context);
}

/* The body will not run: what its argument owns goes at once, not with the last handle. */
static void drop_argument(struct leash__cell *cell)
{
    void (*drop)(void *) = cell->drop;
    cell->drop = NULL;
    leash__drop(drop, cell->arg);
}

/* Makes a task that is not cancelled ready for its first step; false if it is, or there is no memory. Flat: this is the
 * way of every task, and since strands make contexts too gcc would call what it takes. */
__attribute__((flatten)) static bool start(struct leash__task *task, struct leash__loop *loop)
{
    if (task->must_cancel || leash__context_new(&task->context, loop->stacks, entry, task) < 0)
        return false;
    task->started = true;
    leash__event(loop->events, LEASH_EV_START, NULL, task->cell.id, loop->id, 0);
    return true;
}

/* The first step: false if the task ended without running. */
static bool begin(struct leash__task *task, struct leash__loop *loop)
{
    struct leash__ending ending = {LEASH__FINISHED, -ENOMEM, NULL};
    struct leash__frame none = {0};
    if (start(task, loop))
        return true;
    if (task->must_cancel) {
        task->must_cancel = false;
        ending.state = LEASH__CANCELLED;
    } else {
        leash__refused(-ENOMEM, "no memory for the stack of task \"%s\"", leash__task_name(task));
        ending.failure = leash__failure_text(-ENOMEM, "no memory for the task's stack");
    }
    task->cell.holds++; /* finished, it may be given up by the function that drops */
    finish(task, loop, &ending, &none);
    drop_argument(&task->cell);
    task->cell.holds--;
    return false;
}

struct leash__task *leash__task_of_step(struct leash__callback *callback)
{
    return callback->run == step ? LEASH__CONTAINER(callback, struct leash__task, wake) : NULL;
}

static struct leash__task *task_of(struct leash__node *node)
{
    struct leash__callback *callback = LEASH__CONTAINER(node, struct leash__callback, node);
    return LEASH__CONTAINER(callback, struct leash__task, wake);
}

/* The next of the batch if it is a task, else NULL. */
static struct leash__task *next_of_batch(struct leash__loop *loop)
{
    struct leash__node *node = loop->batch.next;
    if (node == &loop->batch || LEASH__CONTAINER(node, struct leash__callback, node)->run != step)
        return NULL;
    return task_of(node);
}

/* Of many tasks none is in the cache: fetches the stack of the next one, and what tells of the one after it. */
static void prefetch_next(struct leash__loop *loop)
{
    struct leash__task *next = next_of_batch(loop);
    if (!next)
        return;
    const char *after = (const char *)next->wake.node.next;
    if (next->started)
        leash__context_prefetch(&next->context);
    __builtin_prefetch(after);
    __builtin_prefetch(after + 64);
}

static void resume(struct leash__task *task, struct leash__loop *loop)
{
    loop->current = task;
    prefetch_next(loop);
    if (loop->events->steps)
        LEASH__EVENT_NOW(loop, LEASH_EV_RESUME, NULL, task->cell.id, 0);
}

static void stopped(struct leash__task *task, struct leash__loop *loop)
{
    if (loop->events->steps)
        LEASH__EVENT_NOW(loop, LEASH_EV_SUSPEND, NULL, task->cell.id, 0);
}

static void step(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__task *task = LEASH__CONTAINER(callback, struct leash__task, wake);
    if (!task->started && !begin(task, loop)) {
        retire(task, loop);
        return;
    }
    resume(task, loop);
    leash__context_switch(&loop->context, &task->context);
    task = loop->current; /* not the same, where tasks have handed over to one another */
    if (leash__context_overflowed(&task->context))
        leash__context_overflow_abort(&task->context, leash__overflow_name);
    loop->current = NULL;
    if (task->ended) {
        stopped(task, loop);
        leash__context_free(&task->context, loop->stacks);
        retire(task, loop);
    }
}

/* Where a task that suspends goes on to: straight to the next one of the batch, as the loop would, without the way
 * through the loop. The loop is needed where the stack must be looked at from outside (it has no guard), in a forked
 * child, where it ends, and where the watchdog has noticed something. */
static struct leash__context *hand_over(struct leash__task *task, struct leash__loop *loop)
{
    if (task->context.canary || __atomic_load_n(&loop->pulse.detour, __ATOMIC_RELAXED))
        return &loop->context;
    if (leash__list_empty(&loop->batch) && !leash__loop_turn(loop))
        return &loop->context;
    struct leash__task *next = next_of_batch(loop);
    if (!next || (!next->started && !start(next, loop)))
        return &loop->context;
    leash__callback_remove(&next->wake);
    leash__pulse_count(&loop->pulse.step, 1);
    resume(next, loop);
    return &next->context;
}

void leash__task_suspend(struct leash__task *task)
{
    if (task->settled)
        leash__task_settled_go(task);
    stopped(task, task->cell.loop);
    struct leash__context *to = hand_over(task, task->cell.loop);
    if (to != &task->context) /* it may be its own turn again */
        leash__context_switch(&task->context, to);
}

/* Its deferred functions need its stack, and that needs the loop. */
static void tell_lost(struct leash__task *task, unsigned lost)
{
    const struct leash_site *site = task->cell.site;
    if (lost && !task->cell.loop->thread->quiet)
        fprintf(stderr, "leash: task #%llu \"%s\" (%s:%u) was given up: deferred functions that did not run: %u\n",
                (unsigned long long)task->cell.id, leash__task_name(task), site ? site->file : "?",
                site ? site->line : 0, lost);
}

void leash__task_abandon(struct leash__task *task)
{
    tell_lost(task, leash__frames_drop(task->frame));
    task->frame = NULL;
    leash__strands_leave_task(task);
    leash__holds_orphan(task);
    if (task->started && !task->ended)
        leash__context_free(&task->context, task->cell.loop->stacks);
    leash__task_settled_go(task);
    leash__failure_set(&task->last_failure, NULL);
    leash__failure_set(&task->cancel_message, NULL);
    leash__locals_unref(task->locals);
    leash__leak_scopes_left(task->cell.id, NULL);
    leash__cell_free(&task->cell);
}
