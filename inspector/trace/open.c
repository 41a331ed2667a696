/* Opening: the states that a trace can be in, and what we say about each. */
#include "alloc.h"
#include "clock.h"
#include "trace_private.h"

#include <errno.h>
#include <fold.h>
#include <names.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>
#include <unistd.h>

/* A name that SQLite takes for a file and nothing else. */
static char *plain_name(const char *path)
{
    if (*path == '/')
        return xstrdup(path);
    size_t length = strlen(path) + 3;
    char *name = xcalloc(length, 1);
    snprintf(name, length, "./%s", path);
    return name;
}

static int connect_file(struct trace *trace)
{
    int rc = sqlite3_open_v2(trace->file, &trace->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc == SQLITE_OK && trace_guard_connection(trace, trace->db) == 0) {
        trace->deadline_ns = clock_now_ns() + (int64_t)(TRACE_QUERY_SECONDS_DEFAULT * 1e9);
        rc = sqlite3_exec(trace->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    } else if (rc == SQLITE_OK) {
        rc = SQLITE_ERROR;
    }
    return rc & 0xff;
}

static void disconnect(struct trace *trace)
{
    sqlite3_close(trace->db);
    trace->db = NULL;
}

static int connect_failed(struct trace *trace, int code, struct trace_error *error)
{
    switch (code) {
    case SQLITE_NOTADB:
        return trace_fail(error, -EINVAL, trace->path, "not a leash trace (not an SQLite database)");
    case SQLITE_CORRUPT:
        return trace_fail(error, -EBADMSG, trace->path,
                          "damaged: %s; copy it again, with its -wal, or `leash repair` may save part",
                          sqlite3_errmsg(trace->db));
    case SQLITE_BUSY:
        return trace_fail(error, -EIO, trace->path, "locked by another program; try again");
    default:
        return trace_fail(error, -EIO, trace->path, "cannot be read: %s", sqlite3_errmsg(trace->db));
    }
}

/* Connects to the trace itself, or, where its directory cannot be written and a -wal waits beside it, to a copy. */
static int connect_trace(struct trace *trace, struct trace_error *error)
{
    int code = connect_file(trace);
    if ((code == SQLITE_CANTOPEN || code == SQLITE_READONLY) && !trace->temp_dir) {
        disconnect(trace);
        trace->identity = trace_identity(trace->path, true);
        int rc = trace_copy(trace, error);
        if (rc < 0)
            return rc;
        code = connect_file(trace);
    }
    return code == SQLITE_OK ? 0 : connect_failed(trace, code, error);
}

static int64_t pragma_value(struct trace *trace, const char *sql)
{
    sqlite3_stmt *row = NULL;
    int64_t value = -1;
    if (sqlite3_prepare_v2(trace->db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        value = sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return value;
}

static bool has_tables(struct trace *trace)
{
    return pragma_value(trace, "SELECT count(*) FROM sqlite_schema") > 0;
}

static int check_version(struct trace *trace, const struct trace_probe *probe, struct trace_error *error)
{
    int64_t application = pragma_value(trace, "PRAGMA application_id");
    trace->schema = (int)pragma_value(trace, "PRAGMA user_version");
    if (application != LEASH_APPLICATION_ID && !has_tables(trace) && probe->wal_mode && !probe->wal)
        return trace_fail(error, -EINVAL, trace->path,
                          "no tables in it: what was recorded is in its -wal; copy %s-wal too", trace->path);
    if (application != LEASH_APPLICATION_ID)
        return trace_fail(error, -EINVAL, trace->path, "not a leash trace (application_id %lld)",
                          (long long)application);
    if (!has_tables(trace))
        return trace_fail(error, -EINVAL, trace->path, "no tables in it; copy %s-wal and %s" LEASH_SPOOL_SUFFIX " too",
                          trace->path, trace->path);
    if (trace->schema > LEASH_SCHEMA_VERSION && !trace->options.any_version)
        return trace_fail(error, -EPROTO, trace->path,
                          "schema %d, this build reads %d: upgrade leash (`leash sql` opens it)", trace->schema,
                          LEASH_SCHEMA_VERSION);
    if (trace->schema < 1)
        return trace_fail(error, -EINVAL, trace->path, "schema %d is none that leash ever wrote", trace->schema);
    if (trace->schema < LEASH_SCHEMA_VERSION && !trace->options.any_version)
        return trace_fail(error, -EPROTO, trace->path,
                          "schema %d, this build reads %d: `leash repair` makes a trace of it that it reads",
                          trace->schema, LEASH_SCHEMA_VERSION);
    return 0;
}

static int install_rules(struct trace *trace, struct trace_error *error)
{
    if (trace->schema != LEASH_SCHEMA_VERSION)
        return 0;
    int rc = trace_guard_schema(trace, true, error);
    if (rc < 0)
        return rc;
    if (leash_rules_install(trace->db, true) < 0)
        return trace_fail(error, -EINVAL, trace->path, "the rules do not fit its tables: %s",
                          sqlite3_errmsg(trace->db));
    return 0;
}

/* From a file to a handle that answers questions. */
static int connect_and_check(struct trace *trace, const struct trace_probe *probe, struct trace_error *error)
{
    int rc = connect_trace(trace, error);
    if (rc == 0)
        rc = check_version(trace, probe, error);
    if (rc == 0)
        rc = install_rules(trace, error);
    if (rc == 0)
        trace_guard_queries(trace);
    return rc;
}

/* The replay writes to the database: not to one whose names are not what they seem. */
static int check_before_replay(struct trace *trace, const struct trace_probe *probe, struct trace_error *error)
{
    if (!probe->exists || probe->size == 0)
        return 0;
    int rc = connect_file(trace) == SQLITE_OK ? trace_guard_schema(trace, false, error) : 0;
    disconnect(trace);
    return rc;
}

/* Sees to what a program that records, or was killed, has beside the trace. */
static int settle(struct trace *trace, struct trace_probe *probe, struct trace_error *error)
{
    enum trace_spool spool = trace_spool_wait(trace->path, trace->options.grace);
    trace->live = spool == TRACE_SPOOL_HELD;
    if (spool != TRACE_SPOOL_FREE)
        return probe->exists ? 0 : trace_fail(error, -ENOENT, trace->path, "nothing was recorded to it yet");
    int rc = check_before_replay(trace, probe, error);
    if (rc < 0)
        return rc;
    struct leash_names *names = NULL; /* without: frames stay without a name */
    leash_frame_namer *namer = leash_names_new(&names) == 0 ? leash_names_frame : NULL;
    rc = leash_replay(trace->path, namer, names, &trace->replay);
    leash_names_free(names);
    if (rc < 0)
        snprintf(trace->note, sizeof trace->note, "%s", trace->replay.error);
    trace->live = trace->replay.what == LEASH_REPLAY_LIVE;
    if (trace->replay.what == LEASH_REPLAY_COPY) {
        free(trace->file);
        trace->file = plain_name(trace->replay.path);
    }
    return trace_probe(trace->file, probe, error);
}

int trace_open(const char *path, const struct trace_options *options, struct trace **out, struct trace_error *error)
{
    struct trace_probe probe;
    int rc = trace_probe(path, &probe, error);
    if (rc < 0)
        return rc;
    struct trace *trace = xcalloc(1, sizeof *trace);
    trace->path = xstrdup(path);
    trace->file = plain_name(path);
    trace->options = *options;
    rc = settle(trace, &probe, error);
    if (rc == 0) {
        trace->tidy = probe.wal_mode && !probe.wal && !trace->live;
        trace->identity = trace_identity(path, false);
        rc = connect_and_check(trace, &probe, error);
    }
    if (rc < 0) {
        trace_close(trace);
        return rc;
    }
    *out = trace;
    return 0;
}

int trace_reopen(const struct trace *trace, struct trace **out, struct trace_error *error)
{
    struct trace_options options = trace->options;
    options.grace = 0;
    return trace_open(trace->path, &options, out, error);
}

/* Neither settles what lies beside the trace nor tidies it: the first handle has done, and will. */
int trace_dup(const struct trace *trace, struct trace **out, struct trace_error *error)
{
    struct trace_probe probe;
    int rc = trace_probe(trace->file, &probe, error);
    if (rc < 0)
        return rc;
    struct trace *other = xcalloc(1, sizeof *other);
    other->path = xstrdup(trace->path);
    other->file = xstrdup(trace->file);
    other->options = trace->options;
    other->live = trace->live;
    memcpy(other->note, trace->note, sizeof other->note);
    rc = connect_and_check(other, &probe, error);
    if (rc < 0) {
        trace_close(other);
        return rc;
    }
    *out = other;
    return 0;
}
