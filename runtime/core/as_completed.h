/* What leash_as_completed leaves to the loop. */
#ifndef LEASH_CORE_AS_COMPLETED_H
#define LEASH_CORE_AS_COMPLETED_H

#include "types.h"

/* At the end of a loop: iterations that were not freed let go of it; their program may free them later. */
void leash__iterations_end(struct leash__loop *loop);

#endif
