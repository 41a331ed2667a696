/* Segments of the spool: which are free, who holds which. All are called with the process's lock held. */
#ifndef LEASH_RECORD_SEGMENTS_H
#define LEASH_RECORD_SEGMENTS_H

#include "trace.h"

/* The thread's segment, filled up to `at`, is handed to the writer. It may have none. */
void leash__segment_close(struct leash__trace *trace, struct leash__recorder *recorder, uint64_t *at);

/* Gives the thread a segment and points `events` at it; waits for one where that is promised and not in vain (the lock
 * is left meanwhile). False: none to be had; `events` then points nowhere and asks again at each event. */
bool leash__segment_take(struct leash__trace *trace, struct leash__recorder *recorder, struct leash__events *events);

/* After a batch: frees the segments that trace->done marks, if their threads have handed them over. */
void leash__segments_recycle(struct leash__trace *trace);
/* `count` segments were added to the spool: they come last, behind the warm ones. */
void leash__segments_added(struct leash__trace *trace, uint32_t count);
/* True if so few are free that the spool should grow, and it may. */
bool leash__segments_are_low(const struct leash__trace *trace);

#endif
