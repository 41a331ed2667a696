/* Victims: tasks that are pending only because they wait, be it together with others, for one that is a leak itself.
 * There is one cause, and one finding; traces/views/leak_all.sql says the same of a trace. */
#ifndef LEASH_CORE_VICTIMS_H
#define LEASH_CORE_VICTIMS_H

#include "types.h"

struct leash__leak_scope;

/* Marks them, before anybody wakes them. `scope`: of leaks: what is outside of it is no cause; NULL: all count. Without
 * memory nobody is a victim but who is in a deadlock, and it is said. */
void leash__victims_note(struct leash__loop *loop, const struct leash__leak_scope *scope);
/* And those that wait behind the deadlocks that are known, be it for a lock; the trace hears of them. */
void leash__victims_of_deadlocks(struct leash__loop *loop);

#endif
