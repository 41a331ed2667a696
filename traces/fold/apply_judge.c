/* Duties and verdicts: claims, what was true at the end, misuse, and what scans found. */
#include "apply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int leash_settle(struct leash_fold *fold, const struct leash__event *event)
{
    const bool daemon = event->b == LEASH_CLAIM_DAEMON;
    if (event->c == LEASH_SUBJECT_TASK && (daemon || event->b == LEASH_CLAIM_DETACH)) {
        struct leash__task *task = leash__task_fact(fold, event->a);
        if (!task)
            return -ENOMEM;
        task->detached = 1;
        task->daemon |= daemon;
    }
    if (event->c == LEASH_SUBJECT_FUTURE && event->b == LEASH_CLAIM_DETACH) {
        struct leash__future *future = leash__future_fact(fold, event->a);
        if (!future)
            return -ENOMEM;
        future->detached = 1;
    }
    struct leash__coro *coro =
        event->c == LEASH_SUBJECT_CORO && event->b == LEASH_CLAIM_CLOSED ? LEASH__FIND(fold, coro, event->a) : NULL;
    if (coro && coro->state == LEASH__CREATED && !coro->row.discard)
        return leash__end_body(fold, coro, LEASH__CLOSED, 0);
    return 0;
}

int leash__on_claim(struct leash_fold *fold, const struct leash__event *event)
{
    if (!event->b || event->b > LEASH_CLAIM_CLOSED || !event->c || event->c > LEASH_SUBJECT_OBJECT)
        return -EBADMSG;
    struct leash__claim *claim = LEASH__ADD(fold, claim, 0);
    if (!claim)
        return -ENOMEM;
    claim->row.closed = 1;
    claim->subject_id = event->a;
    claim->subject_kind = (uint8_t)event->c;
    claim->op = (uint8_t)event->b;
    claim->site_id = event->site;
    claim->at_ns = leash__now(fold);
    fold->totals.counts.claims++;
    return leash_settle(fold, event);
}

static int leash_judge_task(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_fact(fold, event->a);
    if (!task)
        return -ENOMEM;
    task->facts |= event->c;
    if (event->c & LEASH_FACT_PENDING && task->await)
        task->exit_await_id = task->await->row.id;
    return 0;
}

static int leash_judge_coro(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__coro *coro = LEASH__FIND(fold, coro, event->a);
    if (coro && coro->row.discard)
        return -EBADMSG; /* it is a task */
    if (!coro) {
        coro = LEASH__ADD(fold, coro, event->a);
        if (!coro)
            return -ENOMEM;
        coro->row.patch = 1;
        coro->state = LEASH__CREATED;
    }
    coro->facts |= event->c;
    return LEASH__TOUCH(fold, coro, coro);
}

static int leash_judge_future(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__future *future = leash__future_fact(fold, event->a);
    if (!future)
        return -ENOMEM;
    future->facts |= event->c;
    return 0;
}

static int leash_judge_object(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__object *object = leash__object_fact(fold, event->a);
    if (!object)
        return -ENOMEM;
    object->facts |= event->c;
    return 0;
}

int leash__on_judged(struct leash_fold *fold, const struct leash__event *event)
{
    switch (event->b) {
    case LEASH_SUBJECT_TASK:
        return leash_judge_task(fold, event);
    case LEASH_SUBJECT_CORO:
        return leash_judge_coro(fold, event);
    case LEASH_SUBJECT_FUTURE:
        return leash_judge_future(fold, event);
    case LEASH_SUBJECT_OBJECT:
        return leash_judge_object(fold, event);
    default:
        return -EBADMSG;
    }
}

/* Behind the message; 0: it is not told. */
static uint64_t leash_stack_of_call(const struct leash__event *event)
{
    const size_t message = strlen(event->text) + 1;
    return message < event->c ? strtoull(event->text + message, NULL, 16) : 0;
}

int leash__on_misuse(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__misuse *misuse = LEASH__ADD(fold, misuse, 0);
    if (!misuse)
        return -ENOMEM;
    misuse->row.closed = 1;
    misuse->task_id = event->a;
    misuse->kind = event->b <= LEASH_MISUSE_NOT_IN_TASK ? (uint8_t)event->b : 0;
    misuse->thread_id = (uint32_t)fold->thread->row.id;
    misuse->site_id = event->site;
    misuse->at_ns = leash__now(fold);
    misuse->message = strdup(event->text);
    misuse->stack_id = leash_stack_of_call(event);
    fold->totals.counts.misuses++;
    return misuse->message ? 0 : -ENOMEM;
}

/* What is not in memory any more is merged into its row. */
static struct leash__scan *leash_scan_fact(struct leash_fold *fold, uint64_t id)
{
    struct leash__scan *scan = LEASH__FIND(fold, scan, id);
    if (!scan) {
        scan = LEASH__ADD(fold, scan, id);
        if (scan)
            scan->row.closed = 1;
    }
    return scan;
}

int leash__on_scan(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__scan *scan = leash_scan_fact(fold, event->a);
    if (!scan)
        return -ENOMEM;
    scan->thread_id = (uint32_t)fold->thread->row.id;
    scan->at_ns = leash__now(fold);
    scan->candidates = event->b;
    return 0;
}

int leash__on_scan_end(struct leash_fold *fold, const struct leash__event *event)
{
    uint64_t numbers[2];
    if (event->c < sizeof(numbers) || !event->b || event->b > LEASH_SCAN_OFF)
        return -EBADMSG;
    memcpy(numbers, event->text, sizeof(numbers));
    struct leash__scan *scan = leash_scan_fact(fold, event->a);
    if (!scan)
        return -ENOMEM;
    scan->complete = leash__opt(event->b == LEASH_SCAN_COMPLETE);
    scan->reason = (uint8_t)event->b;
    scan->bytes = numbers[0];
    scan->pause_ns = numbers[1];
    return 0;
}

int leash__on_lost(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_fact(fold, event->a);
    struct leash__scan *scan = leash_scan_fact(fold, event->b);
    if (!task || !scan)
        return -ENOMEM;
    scan->lost++;
    if (!task->lost_ns || task->held_ns >= task->lost_ns)
        task->lost_ns = leash__now(fold);
    return 0;
}

int leash__on_held(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_fact(fold, event->a);
    if (!task)
        return -ENOMEM;
    task->held_ns = leash__now(fold);
    return 0;
}

int leash__on_kept(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = leash__task_fact(fold, event->a);
    if (!task)
        return -ENOMEM;
    task->keeper_task_id = event->b;
    return 0;
}
