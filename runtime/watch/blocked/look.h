/* One look at one loop: whether a step of it, or an iteration, lasts too long. */
#ifndef LEASH_WATCH_LOOK_H
#define LEASH_WATCH_LOOK_H

#include "watchdog.h"

/* `now`: ns of the system's clock. `overslept`: the last look was so long ago that all counts anew. What lasts too long
 * and was not told of, one_step or iteration of `watched`; NULL: neither does. */
const struct leash__since *leash__look(struct leash__watched *watched, uint64_t now, bool overslept);

#endif
