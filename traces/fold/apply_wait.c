/* Waiting: awaits and what ends them, inline bodies, steps. */
#include "apply.h"
#include "turns.h"
#include "waiters.h"

#include <errno.h>

int leash__end_await(struct leash_fold *fold, struct leash__await *await, int64_t code)
{
    struct leash__site_stat *stat = leash__stat_of(fold, await->site_id);
    if (!stat || LEASH__TOUCH(fold, await, await) < 0)
        return -ENOMEM;
    const uint64_t waited = leash__since(fold, await->began_ns);
    stat->wait_ns += waited;
    leash__top_consider(&fold->totals.top[LEASH__TOP_WAIT], await->task_id, waited);
    await->ended_ns = leash__now(fold);
    await->code = code;
    leash__waiters_remove(await);
    if (await->task)
        await->task->waited_ns += waited;
    if (await->task && await->task->await == await)
        await->task->await = NULL;
    leash__table_close(LEASH__TABLE(fold, await), await);
    return 0;
}

int leash__end_waiters(struct leash_fold *fold, struct leash__waiters *waiters)
{
    int rc = 0;
    while (rc == 0 && waiters->first)
        rc = leash__end_await(fold, waiters->first, 0);
    return rc;
}

/* Puts the await on its target's list; it is over at once if its target is. */
static int leash_wait_for(struct leash_fold *fold, struct leash__await *await)
{
    static const enum leash__table_number tables[] = {[LEASH_SUBJECT_TASK] = LEASH__T_task,
                                                      [LEASH_SUBJECT_FUTURE] = LEASH__T_future,
                                                      [LEASH_SUBJECT_OBJECT] = LEASH__T_object};
    bool over;
    struct leash__waiters *waiters = leash__waiters_of(fold, await->target_kind, await->target_id, &over);
    if (!waiters && await->target_id > fold->tables[tables[await->target_kind]].last_id) {
        /* Not heard of yet, hence not over. */
        struct leash__task *task =
            await->target_kind == LEASH_SUBJECT_TASK ? leash__task_alive(fold, await->target_id) : NULL;
        struct leash__future *future =
            await->target_kind == LEASH_SUBJECT_FUTURE ? leash__future_fact(fold, await->target_id) : NULL;
        struct leash__object *object =
            await->target_kind == LEASH_SUBJECT_OBJECT ? leash__object_alive(fold, await->target_id) : NULL;
        if (future)
            future->row.patch = 0;
        waiters = task ? &task->waiters : future ? &future->waiters : object ? &object->waiters : NULL;
        if (!waiters)
            return -ENOMEM;
    }
    if (!waiters || over)
        return leash__end_await(fold, await, 0);
    leash__waiters_add(waiters, await);
    return 0;
}

static uint8_t leash_target_kind(unsigned kind)
{
    switch (kind) {
    case LEASH_EV_AWAIT_TASK:
        return LEASH_SUBJECT_TASK;
    case LEASH_EV_AWAIT_FUTURE:
        return LEASH_SUBJECT_FUTURE;
    case LEASH_EV_AWAIT_OBJECT:
        return LEASH_SUBJECT_OBJECT;
    default:
        return LEASH__TARGET_SLEEP;
    }
}

int leash__on_await(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (!task)
        return -ENOMEM;
    if (task->ended_ns)
        return -EBADMSG;
    if (task->await && leash__end_await(fold, task->await, 0) < 0)
        return -ENOMEM;
    struct leash__site_stat *stat = leash__stat_of(fold, event->site);
    struct leash__await *await = LEASH__ADD(fold, await, 0);
    if (!stat || !await)
        return -ENOMEM;
    stat->awaits++;
    fold->totals.counts.awaits++;
    leash__turns_break(task);
    task->await = await;
    await->task = task;
    await->task_id = event->a;
    await->coro_id = task->body ? task->body->row.id : 0;
    await->site_id = event->site;
    await->began_ns = leash__now(fold);
    await->target_kind = leash_target_kind(event->kind);
    if (await->target_kind == LEASH__TARGET_SLEEP) {
        await->sleep_us = leash__opt((int64_t)event->b);
        return 0;
    }
    await->target_id = event->b;
    return leash_wait_for(fold, await);
}

int leash__on_wake(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = LEASH__FIND(fold, task, event->a);
    if (!task || !task->await)
        return 0; /* it had not waited any more */
    return leash__end_await(fold, task->await, leash__opt(-(int64_t)event->b));
}

int leash__on_await_coro(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, event->b);
    if (!event->b || (coro && (coro->state != LEASH__CREATED || coro->row.discard)))
        return -EBADMSG;
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (task && task->ended_ns)
        return -EBADMSG;
    if (!coro)
        coro = LEASH__ADD(fold, coro, event->b);
    if (!task || !coro || LEASH__TOUCH(fold, coro, coro) < 0)
        return -ENOMEM;
    coro->row.patch = 0;
    coro->state = LEASH__RUNNING;
    coro->awaiter_task_id = event->a;
    coro->outer = task->body;
    coro->parent_coro_id = task->body ? task->body->row.id : 0;
    coro->await_site_id = event->site;
    coro->began_ns = leash__now(fold);
    coro->waited_before = task->waited_ns;
    task->body = coro;
    return 0;
}

int leash__end_body(struct leash_fold *fold, struct leash__coro *coro, uint8_t state, int64_t code)
{
    if (LEASH__TOUCH(fold, coro, coro) < 0 || leash__settle_failure(fold, &coro->failure, code) < 0)
        return -ENOMEM;
    coro->state = state;
    coro->code = code;
    coro->ended_ns = leash__now(fold);
    coro->outer = NULL;
    coro->row.closed = coro->created_ns != 0; /* else its creation is still to come, from another thread */
    return 0;
}

int leash__end_bodies(struct leash_fold *fold, struct leash__task *task, const struct leash__coro *until, uint8_t state)
{
    while (task->body && task->body != until) {
        struct leash__coro *coro = task->body;
        task->body = coro->outer;
        if (leash__end_body(fold, coro, state, 0) < 0)
            return -ENOMEM;
    }
    return 0;
}

int leash__on_return(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, event->a);
    const uint8_t state = event->b == ECANCELED ? LEASH__CANCELLED : event->b ? LEASH__FAILED : LEASH__DONE;
    if (!coro || coro->state != LEASH__RUNNING)
        return -EBADMSG;
    struct leash__task *task = LEASH__FIND(fold, task, coro->awaiter_task_id);
    bool own = false;
    if (task) {
        if (leash__end_bodies(fold, task, coro, state) < 0)
            return -ENOMEM;
        own = task->body == coro;
        if (own)
            task->body = coro->outer;
    }
    if (leash__end_body(fold, coro, state, leash__opt(-(int64_t)event->b)) < 0)
        return -ENOMEM;
    return own ? leash__turns_next(fold, task, coro) : 0;
}

int leash__end_step(struct leash_fold *fold, struct leash__task *task)
{
    struct leash__step *step = task->step;
    if (!step)
        return 0;
    if (LEASH__TOUCH(fold, step, step) < 0)
        return -ENOMEM;
    step->ended_ns = leash__now(fold);
    task->steps++;
    task->run_ns += leash__since(fold, step->began_ns);
    task->step = NULL;
    leash__table_close(LEASH__TABLE(fold, step), step);
    return 0;
}

int leash__on_resume(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (!task || leash__end_step(fold, task) < 0)
        return -ENOMEM;
    struct leash__step *step = LEASH__ADD(fold, step, 0);
    if (!step)
        return -ENOMEM;
    step->task_id = event->a;
    step->began_ns = leash__now(fold);
    task->step = step;
    fold->totals.counts.steps++;
    return 0;
}

int leash__on_suspend(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = LEASH__FIND(fold, task, event->a);
    if (!task || !task->step)
        return 0; /* it ended already */
    return LEASH__TOUCH(fold, task, task) < 0 ? -ENOMEM : leash__end_step(fold, task);
}
