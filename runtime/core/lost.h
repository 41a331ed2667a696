/* Lost tasks: who is to be looked for, and what the scan says of them. */
#ifndef LEASH_CORE_LOST_H
#define LEASH_CORE_LOST_H

#include "types.h"

/* Scans for the unfinished tasks that only their handle keeps, if options.scan asks for it, and sets `lost` of their
 * cells. */
void leash__lost_mark(struct leash__loop *loop);

#endif
