/* Ends: of tasks, futures and objects, and what they fail with. */
#include "apply.h"
#include "cancels.h"

#include <errno.h>
#include <string.h>

int leash__settle_failure(struct leash_fold *fold, struct leash__failure **failure, int64_t code)
{
    struct leash__failure *settled = *failure;
    if (!settled)
        return 0;
    if (LEASH__TOUCH(fold, failure, settled) < 0)
        return -ENOMEM;
    settled->code = code;
    *failure = NULL;
    leash__table_close(LEASH__TABLE(fold, failure), settled);
    return 0;
}

/* Where the subject keeps what it is about to fail with; *id where its row names it. NULL: the subject is not open. */
static struct leash__failure **leash_place(struct leash_fold *fold, const struct leash__event *event, uint64_t **id)
{
    struct leash__task *task = event->b == LEASH_SUBJECT_TASK ? LEASH__FIND(fold, task, event->a) : NULL;
    struct leash__future *future = event->b == LEASH_SUBJECT_FUTURE ? LEASH__FIND(fold, future, event->a) : NULL;
    struct leash__coro *coro = event->b == LEASH_SUBJECT_CORO ? LEASH__FIND(fold, coro, event->a) : NULL;
    if (task && !task->ended_ns) {
        *id = &task->failure_id;
        return LEASH__TOUCH(fold, task, task) < 0 ? NULL : &task->failure;
    }
    if (future && !future->ended_ns) {
        *id = &future->failure_id;
        return LEASH__TOUCH(fold, future, future) < 0 ? NULL : &future->failure;
    }
    return coro && !coro->ended_ns ? &coro->failure : NULL;
}

int leash__on_failure(struct leash_fold *fold, const struct leash__event *event)
{
    if (event->b == LEASH_SUBJECT_NONE || event->b > LEASH_SUBJECT_OBJECT)
        return -EBADMSG;
    struct leash__failure *failure = LEASH__ADD(fold, failure, 0);
    if (!failure)
        return -ENOMEM;
    failure->subject_id = event->a;
    failure->subject_kind = (uint8_t)event->b;
    failure->site_id = event->site;
    failure->at_ns = leash__now(fold);
    failure->message = strdup(event->text);
    if (!failure->message)
        return -ENOMEM;
    fold->totals.counts.failures++;
    uint64_t *id = NULL;
    struct leash__failure **place = leash_place(fold, event, &id);
    if (!place) {
        leash__table_close(LEASH__TABLE(fold, failure), failure);
        return 0;
    }
    if (leash__settle_failure(fold, place, 0) < 0)
        return -ENOMEM;
    *place = failure;
    if (id)
        *id = failure->row.id;
    return 0;
}

static int leash_count_end(struct leash_fold *fold, const struct leash__task *task)
{
    struct leash__total_counts *counts = &fold->totals.counts;
    counts->tasks_done += task->state == LEASH__DONE;
    counts->tasks_failed += task->state == LEASH__FAILED;
    counts->tasks_cancelled += task->state == LEASH__CANCELLED;
    if (!task->created_ns)
        return 0; /* its site is not known */
    struct leash__site_stat *stat = leash__stat_of(fold, task->site_id);
    if (!stat)
        return -ENOMEM;
    const uint64_t life = leash__since(fold, task->created_ns);
    stat->pending -= stat->pending > 0;
    stat->failed += task->state == LEASH__FAILED;
    stat->cancelled += task->state == LEASH__CANCELLED;
    stat->life_ns += life;
    if (life > stat->max_life_ns)
        stat->max_life_ns = life;
    leash__top_consider(&fold->totals.top[LEASH__TOP_LIFE], task->row.id, life);
    return 0;
}

/* How the kind of an end, and its field b, become a state and a code. */
static uint8_t leash_end_state(const struct leash__event *event, int64_t *code)
{
    switch (event->kind) {
    case LEASH_EV_DONE:
        *code = leash__opt((int64_t)event->b);
        return LEASH__DONE;
    case LEASH_EV_FUTURE_DONE:
        *code = leash__opt(0);
        return LEASH__DONE;
    case LEASH_EV_FAILED:
    case LEASH_EV_FUTURE_FAILED:
        *code = leash__opt(-(int64_t)event->b);
        return LEASH__FAILED;
    default:
        *code = leash__opt(-ECANCELED);
        return LEASH__CANCELLED;
    }
}

int leash__on_task_end(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_alive(fold, event->a);
    if (!task)
        return -ENOMEM;
    if (task->ended_ns)
        return -EBADMSG;
    task->state = leash_end_state(event, &task->code);
    task->ended_ns = leash__now(fold);
    task->row.closed = 1;
    while (task->cancels)
        leash__cancel_detach(fold, &task->cancels);
    if (leash__end_bodies(fold, task, NULL, task->state) < 0 ||
        (task->await && leash__end_await(fold, task->await, 0) < 0) || leash__end_step(fold, task) < 0 ||
        leash__end_waiters(fold, &task->waiters) < 0 || leash__settle_failure(fold, &task->failure, task->code) < 0)
        return -ENOMEM;
    return leash_count_end(fold, task);
}

int leash__on_future_end(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__future *future = leash__future_fact(fold, event->a);
    if (!future)
        return -ENOMEM;
    if (future->ended_ns)
        return -EBADMSG;
    future->state = leash_end_state(event, &future->code);
    future->ended_ns = leash__now(fold);
    future->row.patch = 0;
    future->row.closed = 1;
    if (leash__end_waiters(fold, &future->waiters) < 0)
        return -ENOMEM;
    return leash__settle_failure(fold, &future->failure, future->code);
}

int leash__on_object_done(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = leash__object_alive(fold, event->a);
    if (!object)
        return -ENOMEM;
    if (object->ended_ns)
        return -EBADMSG;
    object->code = leash__opt(-(int64_t)event->b);
    object->ended_ns = leash__now(fold);
    object->row.closed = 1;
    return leash__end_holds(fold, object) < 0 ? -ENOMEM : leash__end_waiters(fold, &object->waiters);
}
