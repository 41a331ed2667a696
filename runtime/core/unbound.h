/* Coroutines (and objects) that met no loop yet. Each thread lists those that it made; any thread may take them, or end
 * the process.
 */
#ifndef LEASH_CORE_UNBOUND_H
#define LEASH_CORE_UNBOUND_H

#include "types.h"

void leash__unbound_add(struct leash__thread *maker, struct leash__cell *coro);
/* Takes one out, whoever made it: it meets a loop, or goes. */
void leash__unbound_remove(struct leash__cell *coro);
/* Takes the first one of a thread out; NULL if there is none. */
struct leash__cell *leash__unbound_pop(struct leash__thread *maker);
/* Calls fn(maker, coro) for each of a thread, in order of creation; fn may block. */
void leash__unbound_each(struct leash__thread *maker,
                         void (*fn)(struct leash__thread *maker, const struct leash__cell *coro));
/* Calls fn(cell, arg) for each of a thread, or of all that there ever were, in order of creation; other threads cannot
 * take them meanwhile. */
void leash__unbound_walk(struct leash__thread *maker, void (*fn)(struct leash__cell *cell, void *arg), void *arg);
void leash__threads_unbound(void (*fn)(struct leash__cell *cell, void *arg), void *arg);
/* Before a fork, and after it in both processes. */
void leash__unbound_lock(void);
void leash__unbound_unlock(void);

#endif
