/* The deadlocks of a loop that are known and not over: how one begins and ends, for all who find them. */
#ifndef LEASH_CORE_DEADLOCK_KNOWN_H
#define LEASH_CORE_DEADLOCK_KNOWN_H

#include "deadlock.h"

/* Of `count` tasks, each still to join. NULL: no memory. */
struct leash__deadlock *leash__deadlock_new(struct leash__loop *loop, enum leash_deadlock kind, size_t count);
/* `place` from 0. */
void leash__deadlock_join(struct leash__deadlock *deadlock, size_t place, struct leash__task *task);
/* All have joined: the trace hears of it. */
void leash__deadlock_tell(struct leash__loop *loop, const struct leash__deadlock *deadlock);
/* The trace hears of a standstill under the name of this task, though there is no memory to keep it. */
void leash__deadlock_tell_unkept(struct leash__loop *loop, enum leash_deadlock kind, const struct leash__task *task);
/* The report at exit names this task for it. */
void leash__deadlock_accuse(struct leash__task *task);
/* It is over. */
void leash__deadlock_end(struct leash__loop *loop, struct leash__deadlock *deadlock, enum leash_deadlock_end how);
/* Those whose waits have come to an end were none. */
void leash__deadlocks_look_after(struct leash__loop *loop);

#endif
