#include "trace_private.h"

#include <stdlib.h>
#include <unistd.h>

/* Whoever only reads cannot remove the empty -wal and the -shm that reading needs, and they would stay beside a
 * finished trace. The last to close a connection that may write does, under SQLite's own locks. */
static void tidy(struct trace *trace)
{
    sqlite3 *db = NULL;
    if (!trace->tidy || trace->temp_dir || access(trace->file, W_OK) != 0)
        return;
    if (sqlite3_open_v2(trace->file, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK &&
        trace_guard_connection(trace, db) == 0)
        sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    sqlite3_close(db);
}

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    sqlite3_close(trace->db);
    tidy(trace);
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
