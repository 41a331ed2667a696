#include "trace_private.h"

#include <stdlib.h>

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    sqlite3_close(trace->db);
    trace_copy_remove(trace);
    leash_replay_release(&trace->replay);
    free(trace->path);
    free(trace->file);
    free(trace);
}

const char *trace_path(const struct trace *trace)
{
    return trace->path;
}

bool trace_is_live(const struct trace *trace)
{
    return trace->live;
}

const char *trace_note(const struct trace *trace)
{
    return *trace->note ? trace->note : NULL;
}

int trace_schema(const struct trace *trace)
{
    return trace->schema;
}
