/* Which tasks are live only as long as somebody holds them, and what they hold in their turn: the core's side of the
 * scan (ports.h). */
#ifndef LEASH_CORE_HELD_H
#define LEASH_CORE_HELD_H

#include "types.h"

/* Nobody but the holder of its handle sees to this unfinished task, or a task that itself waits for it. All others are
 * live by themselves: main, what runs, daemons, what is detached or given away, what a gather or a done callback waits
 * for. That a task is ready, or has a timer, makes it run; it makes nobody see to it. */
bool leash__needs_holder(const struct leash__loop *loop, const struct leash__cell *cell);
/* ... and no task waits for it either: a scan is to find out. */
bool leash__may_be_lost(const struct leash__loop *loop, const struct leash__cell *cell);

#endif
