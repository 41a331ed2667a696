/* Task-local values: copied on write, shared by inheritance. */
#ifndef LEASH_CORE_LOCAL_H
#define LEASH_CORE_LOCAL_H

#include "types.h"

/* What a task that is created now starts with; a reference for it. */
struct leash__locals *leash__locals_inherit(struct leash__loop *loop);
void leash__locals_unref(struct leash__locals *locals); /* NULL is fine */

#endif
