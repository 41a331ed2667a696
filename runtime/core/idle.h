/* What a loop does between two iterations: looks outside, sleeps if there is nothing to do, gets the time right. */
#ifndef LEASH_CORE_IDLE_H
#define LEASH_CORE_IDLE_H

#include "types.h"

/* False: nothing is ready, and nothing will be, neither by time nor from outside. `deadline`: when to give up waiting
 * (ns of the system's clock; 0: never). */
bool leash__idle_look(struct leash__loop *loop, uint64_t deadline);
/* Whether the loop must look outside before its next iteration, even though tasks are ready. Cheap. */
static inline bool leash__idle_is_due(struct leash__loop *loop)
{
    enum { LONGEST_NS = 1000000 }; /* without a look at descriptors */
    if (__builtin_expect(leash__inbox_rung(&loop->inbox), 0))
        return true;
    return loop->poller && leash__clock_ns(&loop->thread->clock) - loop->polled > LONGEST_NS;
}

#endif
