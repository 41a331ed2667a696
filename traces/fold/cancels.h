/* Cancellations to which something may still happen: their delivery, their being taken back, their message. */
#ifndef LEASH_FOLD_CANCELS_H
#define LEASH_FOLD_CANCELS_H

#include "state.h"

/* Makes a cancellation of a task one of those that can still be delivered or taken back. */
void leash__cancel_attach(struct leash_fold *fold, struct leash__task *task, struct leash__cancel *cancel);
/* Takes the one at *link off its task's list. */
void leash__cancel_detach(struct leash_fold *fold, struct leash__cancel **link);
/* Makes it the most recent one: a message may follow. */
void leash__cancel_recent(struct leash_fold *fold, struct leash__cancel *cancel);

#endif
