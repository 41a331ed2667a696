/* When the await graph changes. */
#include "loader.h"
#include "graph/graph.h"

#include <errno.h>

static const char later[] = "SELECT min(at) FROM (SELECT min(began_ns) AS at FROM await WHERE began_ns > ?1"
                            " UNION ALL SELECT min(ended_ns) FROM await WHERE ended_ns > ?1"
                            " UNION ALL SELECT min(ended_ns) FROM task WHERE ended_ns > ?1)";
static const char earlier[] = "SELECT max(at) FROM (SELECT max(began_ns) AS at FROM await WHERE began_ns < ?1"
                              " UNION ALL SELECT max(ended_ns) FROM await WHERE ended_ns < ?1"
                              " UNION ALL SELECT max(ended_ns) FROM task WHERE ended_ns < ?1)";

/* When the last loop stopped; INT64_MAX: none did. */
static int64_t stopped_at(struct loader *loader)
{
    struct trace_query *row = loader_prepare(loader, "SELECT max(main_ended_ns) FROM loop");
    int64_t at = loader_next(loader, row) ? loader_time(row, 0) : MODEL_NEVER;
    trace_finish(row);
    return at == MODEL_NEVER ? INT64_MAX : at;
}

int model_graph_instant(struct trace *trace, int64_t at_ns, bool forward, int64_t *out)
{
    struct loader loader = {.trace = trace};
    int64_t stopped = stopped_at(&loader), next = MODEL_NEVER;
    if (at_ns == MODEL_NEVER || at_ns >= stopped) {
        if (forward)
            return loader.failed ? -EIO : -ENOENT;
        at_ns = stopped;
    }
    struct trace_query *row = loader_row(&loader, forward ? later : earlier, at_ns);
    if (row)
        next = loader_time(row, 0);
    trace_finish(row);
    if (loader.failed)
        return -EIO;
    if (next == MODEL_NEVER && (!forward || stopped == INT64_MAX))
        return -ENOENT;
    *out = next >= stopped ? MODEL_NEVER : next;
    return 0;
}
