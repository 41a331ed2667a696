#include "cancels.h"

enum { CANCELS_KEPT = 32 }; /* a task that ignores its cancellations keeps no more of them */

static void leash_close_unless_held(struct leash_fold *fold, struct leash__cancel *cancel)
{
    if (!cancel->in_task && !cancel->recent)
        leash__table_close(LEASH__TABLE(fold, cancel), cancel);
}

void leash__cancel_detach(struct leash_fold *fold, struct leash__cancel **link)
{
    struct leash__cancel *cancel = *link;
    *link = cancel->older;
    cancel->in_task = 0;
    leash_close_unless_held(fold, cancel);
}

void leash__cancel_attach(struct leash_fold *fold, struct leash__task *task, struct leash__cancel *cancel)
{
    cancel->older = task->cancels;
    cancel->in_task = 1;
    task->cancels = cancel;
    unsigned count = 0;
    for (struct leash__cancel **link = &task->cancels; *link; link = &(*link)->older)
        if (++count > CANCELS_KEPT) {
            leash__cancel_detach(fold, link);
            return;
        }
}

void leash__cancel_recent(struct leash_fold *fold, struct leash__cancel *cancel)
{
    struct leash__cancel **place = &fold->recent[fold->recent_next++ % LEASH__RECENT];
    if (*place) {
        (*place)->recent = 0;
        leash_close_unless_held(fold, *place);
    }
    cancel->recent = 1;
    *place = cancel;
}
