/* Cancellation: from a task to what it waits for, and on to the end of the chain, without recursion. */
#ifndef LEASH_CORE_CANCEL_H
#define LEASH_CORE_CANCEL_H

#include "types.h"

/* Future.cancel, Task.cancel, _GatheringFuture.cancel, by kind: true if a cancellation was requested. The message (may
 * be NULL) is shared. */
bool leash__cancel_fut(struct leash__loop *loop, struct leash__fut *fut, struct leash__failure *message);
/* Task.uncancel: takes one request back; how many remain. */
unsigned leash__uncancel(struct leash__task *task);

#endif
