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

int model_graph_instant(struct trace *trace, int64_t at_ns, bool forward, int64_t *out)
{
    struct loader loader = {.trace = trace};
    if (at_ns == MODEL_NEVER && forward)
        return -ENOENT;
    struct trace_query *row = loader_row(&loader, forward ? later : earlier, at_ns == MODEL_NEVER ? INT64_MAX : at_ns);
    int rc = -ENOENT;
    if (row && !trace_is_null(row, 0)) {
        *out = trace_int(row, 0);
        rc = 0;
    }
    trace_finish(row);
    return loader.failed ? -EIO : rc;
}
