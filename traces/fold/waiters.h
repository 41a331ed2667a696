/* Who waits for what: the open awaits on a task, future or object. */
#ifndef LEASH_FOLD_WAITERS_H
#define LEASH_FOLD_WAITERS_H

#include "state.h"

void leash__waiters_add(struct leash__waiters *waiters, struct leash__await *await);
void leash__waiters_remove(struct leash__await *await);
/* The list of those who wait for a thing; NULL if it is not in memory. *over: it is known to have ended. */
struct leash__waiters *leash__waiters_of(struct leash_fold *fold, unsigned kind, uint64_t id, bool *over);

#endif
