/* Callbacks and coroutines from other threads. */
#ifndef LEASH_CORE_REMOTE_CALL_H
#define LEASH_CORE_REMOTE_CALL_H

#include <leash/remote.h>

#include "types.h"

/* The id of the loop that a handle names. 0, -EINVAL; said. */
int leash__loop_id(leash_loop_t loop, const char *call, uint64_t *id);
/* At the end of a loop: those that were delivered and did not run. */
void leash__remote_calls_drop(struct leash__loop *loop);
/* ... and coroutines of other threads that did not end: whoever waits for them is told. While their tasks are there. */
void leash__remotes_end(struct leash__loop *loop);

#endif
