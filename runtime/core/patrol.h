/* Scans for lost tasks while the program runs: when the loop has nothing to do, and never for more than a hundredth of
 * the time. Only while somebody records, and not with a virtual clock: when there is time for one is a matter of the
 * real one, and a run must be the same twice. */
#ifndef LEASH_CORE_PATROL_H
#define LEASH_CORE_PATROL_H

#include "poller.h"
#include "types.h"

/* Whether the loop's options ask for it; the first scan may be a second later. */
void leash__patrol_begin(struct leash__loop *loop);
/* In a forked child: no thread is in the middle of one. */
void leash__patrol_forget(void);

/* When a loop that has nothing to do may scan: ns of the system's clock. LEASH__NEVER if it need not: nothing has run
 * since it did last. A loop that always has something to do does it after four times as long. */
uint64_t leash__patrol_time(const struct leash__loop *loop);
/* Scans, or asks for the answer, unless another thread's loop is at it, and settles when the next time may be. No task
 * of the loop may run. */
void leash__patrol(struct leash__loop *loop);
/* Another scan is made, or the loop ends: what is under way is given up. */
void leash__patrol_end(struct leash__loop *loop);

/* For a loop that has something to do: scans if that has been so for too long. Cheap. */
static inline void leash__patrol_busy(struct leash__loop *loop)
{
    if (__builtin_expect(loop->patrols && leash__clock_ns(&loop->thread->clock) >= loop->patrol_late, 0))
        leash__patrol(loop);
}

#endif
