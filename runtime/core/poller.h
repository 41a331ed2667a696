/* What a loop waits for beside timers: declared here, implemented by io/, which attaches itself to a loop at the first
 * descriptor. Without one a loop sleeps on its bell and the clock alone. */
#ifndef LEASH_CORE_POLLER_H
#define LEASH_CORE_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct leash__loop;

struct leash__poller {
    /* Looks at the descriptors and queues what became ready. `until` is when to come back at the latest, in ns of the
     * system's clock (leash__clock_system): 0 only looks, LEASH__NEVER waits for as long as it takes. Comes back early
     * when the loop's bell rings, a signal came, or anything was queued. */
    void (*poll)(struct leash__loop *loop, uint64_t until);
    /* Whether anything is waited for that may still come. */
    bool (*alive)(struct leash__loop *loop);
    /* The loop ends; its tasks are gone. */
    void (*end)(struct leash__loop *loop);
};

#define LEASH__NEVER UINT64_MAX

#endif
