/* Holds: who has what until they give it back. */
#ifndef LEASH_CORE_HOLD_H
#define LEASH_CORE_HOLD_H

#include "waitable.h"

/* The running task holds it from now on. Without memory it does, but nobody will know. */
void leash__hold_begin(struct leash__waitable *waitable, struct leash__task *task, struct leash_site *site);
/* A hold ends: the running task's, else the oldest. */
void leash__hold_end(struct leash__waitable *waitable, struct leash__loop *loop, struct leash_site *site);
/* A hold is over, whoever had it. */
void leash__hold_drop(struct leash__hold *hold);
/* The oldest; NULL: nobody holds it. */
struct leash__hold *leash__hold_first(const struct leash__waitable *waitable);
/* Who waits for it needs all of them to give it back: nobody can be told to hold it else, or others gave it back
 * before. `parts`: how many can be held. */
enum leash__need leash__holds_needs(const struct leash__waitable *waitable, size_t parts, struct leash__needs *needs);
/* Whether one of them is a lock, not only a part of a semaphore. */
bool leash__holds_a_lock(const struct leash__task *task);
/* A task has ended: what it holds is held by nobody that lives. */
void leash__holds_orphan(struct leash__task *task);

#endif
