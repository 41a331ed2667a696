/* Claims that are settled, and how long the handle stays readable after that. */
#ifndef LEASH_CORE_SETTLE_H
#define LEASH_CORE_SETTLE_H

#include "types.h"

/* Lets go of the cells that linger with a task, because it suspends or ends. */
void leash__task_settled_go(struct leash__task *task);
/* Settles the claim of a finished cell. It lingers with the task, if any, that the outcome was just delivered to. */
void leash__settle(struct leash__cell *cell, struct leash__task *by);
/* The same for an outcome that was delivered to whoever runs: with a callback it lingers until the loop comes
 * round. `loop` is the cell's: NULL if it met none. */
void leash__settle_for(struct leash__cell *cell, struct leash__loop *loop);
/* Lets go of the cells of a list, which linger there. */
void leash__settled_go(struct leash__cell **list);

#endif
