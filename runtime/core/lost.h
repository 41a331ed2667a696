/* Lost tasks: who is to be looked for, and what the scan says of them. */
#ifndef LEASH_CORE_LOST_H
#define LEASH_CORE_LOST_H

#include <trace_format.h>

#include "types.h"

/* Scans for the unfinished tasks that only their handle keeps, if options.scan asks for it, and sets `lost` of their
 * cells. */
void leash__lost_mark(struct leash__loop *loop);
/* The same whatever the options say, while the program runs: who was lost and is not any more is told too. How the scan
 * went; COMPLETE too if there was nobody to look for. Where loop->look is set afterwards it is under way, and the
 * answer comes later. */
enum leash_scan_end leash__lost_look(struct leash__loop *loop);
/* With loop->look. False: it is still under way; else *ended_ns says until when it was, by the system's clock. */
bool leash__lost_answer(struct leash__loop *loop, enum leash_scan_end *end, uint64_t *ended_ns);
/* Gives up what is under way, which patrol.h keeps count of. */
void leash__lost_drop(struct leash__loop *loop);

#endif
