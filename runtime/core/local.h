/* Task-local values: copied on write, shared by inheritance. */
#ifndef LEASH_CORE_LOCAL_H
#define LEASH_CORE_LOCAL_H

#include "types.h"

/* What a task or callback that is made now starts with; a reference for it. */
struct leash__locals *leash__locals_inherit(void);
/* A copy of that for another thread; *out NULL: there are none. 0, -ENOMEM. */
int leash__locals_copy(struct leash__locals **out);
void leash__locals_unref(struct leash__locals *locals); /* NULL is fine */
/* Around a callback, which runs with the values of what made it, and sets them for itself: takes them over, returns
 * those of the thread; gives the latter back. */
struct leash__locals *leash__locals_enter(struct leash__loop *loop, struct leash__locals *locals);
void leash__locals_leave(struct leash__loop *loop, struct leash__locals *before);

#endif
