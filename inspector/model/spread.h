/* How long something took, many times: percentiles, and a histogram whose bins grow from left to right. */
#ifndef LEASH_INSPECTOR_SPREAD_H
#define LEASH_INSPECTOR_SPREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPREAD_BINS 48

struct trace;

struct model_spread {
    size_t count; /* of the times that were looked at; 0: the rest is not valid */
    bool part;    /* there are more: these are some of them */
    int64_t min, p50, p90, p99, max;
    size_t bins[SPREAD_BINS]; /* from min to max, each as much larger than the one before it */
};

/* How long a task's awaits lasted, up to now for the one it is in. 0; -EBUSY: the trace has no index yet and is too
 * large to search; -EINTR, -EIO. */
int model_spread_of_waits(struct trace *trace, int64_t task, struct model_spread *out);
/* How long the tasks made at a site lived. */
int model_spread_of_lives(struct trace *trace, int64_t site, struct model_spread *out);
/* Where bin number `bin` begins. */
int64_t model_spread_bound(const struct model_spread *spread, size_t bin);

#endif
