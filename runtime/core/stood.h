/* Where tasks stand: the stacks of those that wait, or would go on next. */
#ifndef LEASH_CORE_STOOD_H
#define LEASH_CORE_STOOD_H

#include "types.h"

/* Tells the trace where an unfinished task stands that does not run. Nothing of one that never ran. */
void leash__stood_event(struct leash__task *task);
/* NULL: it runs, or never did; or no memory. */
struct leash__stack_entry *leash__stood(const struct leash__task *task);

#endif
