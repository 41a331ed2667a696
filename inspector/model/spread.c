#include "spread.h"
#include "alloc.h"
#include "list/list.h"
#include "order.h"
#include "query.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define SAMPLES_MAX  20000
#define SEARCHED_MAX 200000 /* rows that may be searched without an index */

int64_t model_spread_bound(const struct model_spread *spread, size_t bin)
{
    double low = log1p((double)spread->min), high = log1p((double)spread->max);
    return (int64_t)expm1(low + (high - low) * (double)bin / SPREAD_BINS);
}

static size_t bin_of(const struct model_spread *spread, int64_t value)
{
    double low = log1p((double)spread->min), high = log1p((double)spread->max);
    double part = high > low ? (log1p((double)value) - low) / (high - low) : 0;
    size_t bin = (size_t)(part * SPREAD_BINS);
    return bin < SPREAD_BINS ? bin : SPREAD_BINS - 1;
}

static void fill(struct model_spread *out, int64_t *values, size_t count)
{
    out->count = count;
    if (count == 0)
        return;
    qsort(values, count, sizeof *values, order_numbers);
    out->min = values[0];
    out->p50 = values[count / 2];
    out->p90 = values[count * 9 / 10];
    out->p99 = values[count * 99 / 100];
    out->max = values[count - 1];
    for (size_t i = 0; i < count; i++)
        out->bins[bin_of(out, values[i])]++;
}

/* `sql` with ?1 the id and ?2 how many rows at most. */
static int spread_of(struct trace *trace, const char *list, const char *sql, int64_t id, struct model_spread *out)
{
    *out = (struct model_spread){0};
    if (!list_is_indexed(trace) && list_total(list_named(list), trace) > SEARCHED_MAX)
        return -EBUSY;
    struct trace_query *query = trace_prepare(trace, sql);
    if (!query)
        return -EIO;
    int64_t *values = xcalloc(SAMPLES_MAX + 1, sizeof *values);
    size_t count = 0;
    int rc;
    trace_bind(query, 1, id);
    trace_bind(query, 2, SAMPLES_MAX + 1);
    while ((rc = trace_step(query)) > 0 && count <= SAMPLES_MAX)
        if (!trace_is_null(query, 0) && trace_int(query, 0) >= 0)
            values[count++] = trace_int(query, 0);
    out->part = count > SAMPLES_MAX;
    fill(out, values, count - out->part);
    free(values);
    trace_finish(query);
    return rc < 0 ? rc : 0;
}

int model_spread_of_waits(struct trace *trace, int64_t task, struct model_spread *out)
{
    return spread_of(trace, "awaits",
                     "SELECT coalesce(ended_ns, " LIST_END ") - began_ns FROM await WHERE task_id = ?1"
                     " ORDER BY id DESC LIMIT ?2",
                     task, out);
}

int model_spread_of_lives(struct trace *trace, int64_t site, struct model_spread *out)
{
    return spread_of(trace, "tasks",
                     "SELECT coalesce(ended_ns, " LIST_END ") - created_ns FROM task WHERE site_id = ?1"
                     " ORDER BY id DESC LIMIT ?2",
                     site, out);
}
