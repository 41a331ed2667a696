/* Cancellation: from a task to what it waits for, and on to the end of the chain, without recursion. */
#ifndef LEASH_CORE_CANCEL_H
#define LEASH_CORE_CANCEL_H

#include "types.h"

/* Future.cancel, Task.cancel, _GatheringFuture.cancel, by kind: true if a cancellation was requested. The message (may
 * be NULL) is shared. `asked`: the program did, which is due an answer; not a time limit, a signal, or the clean-up. */
bool leash__cancel_fut(struct leash__loop *loop, struct leash__fut *fut, struct leash__failure *message, bool asked);
/* Main is asked to end, by the runtime. Where the cancellation would go round in a circle and reach nobody, it is
 * thrown into main itself. */
void leash__cancel_main(struct leash__loop *loop, struct leash__failure *message);
/* That: main was asked, and waits. */
void leash__cancel_main_itself(struct leash__loop *loop);
/* Task.uncancel: takes one request back; how many remain. */
unsigned leash__uncancel(struct leash__task *task);
/* Of its requests those are taken back that the count does not tell of: what was asked is forgotten with the last. */
void leash__uncancelled(struct leash__task *task);

#endif
