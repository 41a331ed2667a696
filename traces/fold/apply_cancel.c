/* Cancellation: requests, their delivery, their being taken back, their messages. */
#include "apply.h"
#include "cancels.h"

#include <errno.h>
#include <string.h>

static uint8_t leash_origin(unsigned kind)
{
    return kind == LEASH_EV_CANCEL_TIMEOUT   ? LEASH__BY_TIMEOUT
           : kind == LEASH_EV_CANCEL_CLEANUP ? LEASH__BY_CLEANUP
           : kind == LEASH_EV_CANCEL_AWAITED ? LEASH__BY_AWAITER
                                             : LEASH__BY_PROGRAM;
}

int leash__on_cancel(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__cancel *cancel = LEASH__ADD(fold, cancel, 0);
    if (!cancel)
        return -ENOMEM;
    cancel->subject_id = event->a;
    cancel->subject_kind = event->kind == LEASH_EV_CANCEL_FUTURE ? LEASH_SUBJECT_FUTURE : LEASH_SUBJECT_TASK;
    cancel->origin = leash_origin(event->kind);
    cancel->by_task_id = cancel->origin == LEASH__BY_PROGRAM || cancel->origin == LEASH__BY_AWAITER ? event->b : 0;
    cancel->object_id = cancel->origin == LEASH__BY_TIMEOUT ? event->b : 0;
    cancel->site_id = event->site;
    cancel->at_ns = leash__now(fold);
    fold->totals.counts.cancels++;
    leash__cancel_recent(fold, cancel);
    struct leash__task *task = cancel->subject_kind == LEASH_SUBJECT_TASK ? LEASH__FIND(fold, task, event->a) : NULL;
    if (task && !task->ended_ns && !task->row.patch)
        leash__cancel_attach(fold, task, cancel);
    return 0;
}

int leash__on_cancel_message(struct leash_fold *fold, const struct leash__event *event)
{
    for (unsigned i = 1; i <= LEASH__RECENT; i++) {
        struct leash__cancel *cancel = fold->recent[(fold->recent_next - i) % LEASH__RECENT];
        if (!cancel || cancel->subject_id != event->a || cancel->subject_kind != event->b)
            continue;
        if (cancel->message)
            break;
        cancel->message = strdup(event->text);
        return !cancel->message || LEASH__TOUCH(fold, cancel, cancel) < 0 ? -ENOMEM : 0;
    }
    return -EBADMSG;
}

/* All requests that were not delivered yet are delivered as one. They are the newest. */
int leash__on_delivered(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = LEASH__FIND(fold, task, event->a);
    for (struct leash__cancel **link = task ? &task->cancels : NULL; link && *link && !(*link)->delivered_ns;) {
        struct leash__cancel *cancel = *link;
        if (LEASH__TOUCH(fold, cancel, cancel) < 0)
            return -ENOMEM;
        cancel->delivered_ns = leash__now(fold);
        if (cancel->uncancelled_ns)
            leash__cancel_detach(fold, link);
        else
            link = &cancel->older;
    }
    return 0;
}

int leash__on_uncancel(struct leash_fold *fold, const struct leash__event *event)
{
    struct leash__task *task = LEASH__FIND(fold, task, event->a);
    struct leash__cancel **link = task ? &task->cancels : NULL;
    while (link && *link && (*link)->uncancelled_ns)
        link = &(*link)->older;
    if (!link || !*link)
        return 0; /* too long ago to be told */
    struct leash__cancel *cancel = *link;
    if (LEASH__TOUCH(fold, cancel, cancel) < 0)
        return -ENOMEM;
    cancel->uncancelled_ns = leash__now(fold);
    if (cancel->delivered_ns)
        leash__cancel_detach(fold, link);
    return 0;
}
