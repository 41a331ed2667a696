/* Radix sort: eight passes over bytes, those that are all alike left out. Ten million rows take half a second, and each
 * pass is short enough to stop between. */
#include "alloc.h"
#include "parts.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256 };

/* In unsigned order, downwards if wanted. */
static uint64_t rank_of(const struct rows_key *row, bool by_key, uint64_t flip)
{
    return ((uint64_t)(by_key ? row->key : row->order) ^ UINT64_C(1) << 63) ^ flip;
}

/* One pass, from `from` to `to`; false: all have the same byte there, nothing was moved. */
static bool pass(const struct rows_key *from, struct rows_key *to, size_t count, unsigned shift, bool by_key,
                 uint64_t flip)
{
    size_t starts[BUCKETS] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++)
        starts[rank_of(&from[i], by_key, flip) >> shift & (BUCKETS - 1)]++;
    for (size_t i = 0; i < BUCKETS; i++) {
        size_t here = starts[i];
        if (here == count)
            return false;
        starts[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[rank_of(&from[i], by_key, flip) >> shift & (BUCKETS - 1)]++] = from[i];
    return true;
}

static int sort(struct rows_vector *vector, bool by_key, bool down, const struct trace *trace)
{
    if (vector->count < 2)
        return 0;
    struct rows_key *from = vector->keys, *to = xcalloc(vector->count, sizeof *to);
    int rc = 0;
    for (unsigned shift = 0; shift < 64 && rc == 0; shift += 8) {
        if (pass(from, to, vector->count, shift, by_key, down ? UINT64_MAX : 0)) {
            struct rows_key *other = from;
            from = to;
            to = other;
        }
        rc = trace_is_interrupted(trace) ? -EINTR : 0;
    }
    free(to);
    vector->keys = from;
    vector->capacity = vector->count;
    return rc;
}

int rows_sort(struct rows_vector *vector, bool down, const struct trace *trace)
{
    return sort(vector, false, down, trace);
}

int rows_sort_keys(struct rows_vector *vector, const struct trace *trace)
{
    return vector->ascending ? 0 : sort(vector, true, false, trace);
}
