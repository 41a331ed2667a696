/* Task-local values: copied on write, shared by inheritance. */
#ifndef LEASH_CORE_LOCAL_H
#define LEASH_CORE_LOCAL_H

#include "types.h"

/* What a task that is created now starts with; a reference for it. */
struct leash__locals *leash__locals_inherit(void);
/* A copy of that for another thread; *out NULL: there are none. 0, -ENOMEM. */
int leash__locals_copy(struct leash__locals **out);
void leash__locals_unref(struct leash__locals *locals); /* NULL is fine */

#endif
