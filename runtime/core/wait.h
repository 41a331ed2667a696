/* What leash_wait leaves to the loop. */
#ifndef LEASH_CORE_WAIT_H
#define LEASH_CORE_WAIT_H

#include "types.h"

/* At the end of a loop: frees the waits whose tasks never came back, or whose last callbacks never ran. */
void leash__waits_drop(struct leash__loop *loop);

#endif
