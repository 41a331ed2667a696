/* What is said on stderr of deadlocks, as soon as they are found. */
#ifndef LEASH_CORE_DEADLOCK_WORDS_H
#define LEASH_CORE_DEADLOCK_WORDS_H

#include "deadlock.h"

/* Where a member acquired what the one before it waits for; NULL: that is not held, or not known. */
struct leash_site *leash__deadlock_hold_site(const struct leash__deadlock *deadlock, size_t place);

void leash__deadlock_say_cycle(const struct leash__loop *loop, const struct leash__deadlock *deadlock, bool holds_main);
/* `all_found`: of the cycles in it. */
void leash__deadlock_say_standstill(const struct leash__loop *loop, bool all_found);
void leash__deadlock_say_outside(const struct leash__loop *loop);
void leash__deadlock_say_undone(const struct leash__loop *loop, const struct leash__deadlock *deadlock);

#endif
