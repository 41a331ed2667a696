#include "query.h"
#include "alloc.h"
#include "clock.h"
#include "trace_private.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct trace_query {
    struct trace *trace;
    sqlite3_stmt *statement;
    char text[TRACE_TEXT_MAX + 1]; /* where a text that is too long is cut */
};

static void note_failure(struct trace *trace)
{
    if (sqlite3_errcode(trace->db) == SQLITE_INTERRUPT)
        snprintf(trace->failure, sizeof trace->failure, "%s",
                 trace_is_interrupted(trace) ? "interrupted" : "the query took too long and was stopped");
    else
        snprintf(trace->failure, sizeof trace->failure, "%s%s", sqlite3_errmsg(trace->db),
                 sqlite3_errcode(trace->db) == SQLITE_AUTH ? ": a trace is only read" : "");
}

static void start_clock(struct trace *trace)
{
    double seconds = trace->options.query_seconds > 0 ? trace->options.query_seconds : TRACE_QUERY_SECONDS_DEFAULT;
    trace->deadline_ns = clock_now_ns() + (int64_t)(seconds * 1e9);
}

static long error_offset(sqlite3 *db)
{
#if SQLITE_VERSION_NUMBER >= 3038000
    return sqlite3_error_offset(db);
#else
    (void)db;
    return -1;
#endif
}

static struct trace_query *prepare(struct trace *trace, const char *sql, const char **tail)
{
    struct trace_query *query = xcalloc(1, sizeof *query);
    query->trace = trace;
    start_clock(trace);
    if (sqlite3_prepare_v2(trace->db, sql, -1, &query->statement, tail) != SQLITE_OK) {
        note_failure(trace);
        trace->failure_at = error_offset(trace->db);
        free(query);
        return NULL;
    }
    return query;
}

struct trace_query *trace_prepare(struct trace *trace, const char *sql)
{
    const char *tail;
    return prepare(trace, sql, &tail);
}

struct trace_query *trace_prepare_user(struct trace *trace, const char *sql)
{
    const char *tail = NULL, *problem = NULL;
    struct trace_query *query = prepare(trace, sql, &tail);
    if (!query)
        return NULL;
    while (tail && (isspace((unsigned char)*tail) || *tail == ';'))
        tail++;
    if (!query->statement)
        problem = "no SQL statement in it";
    else if (tail && *tail)
        problem = "one statement at a time";
    else if (!sqlite3_stmt_readonly(query->statement))
        problem = "only statements that read are allowed";
    if (!problem)
        return query;
    snprintf(trace->failure, sizeof trace->failure, "%s", problem);
    trace->failure_at = tail && *tail ? tail - sql : -1;
    trace_finish(query);
    return NULL;
}

void trace_bind(struct trace_query *query, int index, int64_t value)
{
    sqlite3_bind_int64(query->statement, index, value);
}

void trace_bind_text(struct trace_query *query, int index, const char *value)
{
    sqlite3_bind_text(query->statement, index, value, -1, SQLITE_STATIC);
}

int trace_step(struct trace_query *query)
{
    if (trace_is_interrupted(query->trace)) {
        snprintf(query->trace->failure, sizeof query->trace->failure, "interrupted");
        return -EINTR;
    }
    int rc = sqlite3_step(query->statement);
    if (rc == SQLITE_ROW)
        return 1;
    if (rc == SQLITE_DONE)
        return 0;
    note_failure(query->trace);
    return trace_is_interrupted(query->trace) ? -EINTR : -EIO;
}

void trace_reset(struct trace_query *query)
{
    sqlite3_reset(query->statement);
    start_clock(query->trace);
}

void trace_finish(struct trace_query *query)
{
    if (!query)
        return;
    sqlite3_finalize(query->statement);
    free(query);
}

static void change_transaction(struct trace *trace, const char *sql)
{
    trace->transaction = true;
    sqlite3_exec(trace->db, sql, NULL, NULL, NULL);
    trace->transaction = false;
}

void trace_begin_reading(struct trace *trace)
{
    start_clock(trace);
    if (sqlite3_get_autocommit(trace->db))
        change_transaction(trace, "BEGIN");
}

void trace_end_reading(struct trace *trace)
{
    if (!sqlite3_get_autocommit(trace->db))
        change_transaction(trace, "ROLLBACK");
}

int trace_columns(const struct trace_query *query)
{
    return sqlite3_column_count(query->statement);
}

const char *trace_column_name(const struct trace_query *query, int column)
{
    const char *name = sqlite3_column_name(query->statement, column);
    return name ? name : "";
}

enum trace_type trace_type(struct trace_query *query, int column)
{
    switch (sqlite3_column_type(query->statement, column)) {
    case SQLITE_INTEGER:
        return TRACE_INTEGER;
    case SQLITE_FLOAT:
        return TRACE_REAL;
    case SQLITE_TEXT:
        return TRACE_TEXT;
    case SQLITE_BLOB:
        return TRACE_BLOB;
    default:
        return TRACE_NULL;
    }
}

bool trace_is_null(struct trace_query *query, int column)
{
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int64_t trace_int(struct trace_query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

double trace_real(struct trace_query *query, int column)
{
    return sqlite3_column_double(query->statement, column);
}

const char *trace_text(struct trace_query *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query->statement, column);
    if (!text)
        return NULL;
    size_t length = strnlen(text, TRACE_TEXT_MAX + 1);
    if (length <= TRACE_TEXT_MAX)
        return text;
    memcpy(query->text, text, TRACE_TEXT_MAX - 3);
    memcpy(query->text + TRACE_TEXT_MAX - 3, "...", 4);
    return query->text;
}

const void *trace_bytes(struct trace_query *query, int column, size_t *length)
{
    const void *bytes = sqlite3_column_type(query->statement, column) == SQLITE_BLOB
                            ? sqlite3_column_blob(query->statement, column)
                            : sqlite3_column_text(query->statement, column);
    *length = (size_t)sqlite3_column_bytes(query->statement, column);
    return bytes ? bytes : "";
}

long trace_failure_at(const struct trace *trace)
{
    return trace->failure_at;
}

const char *trace_failure(const struct trace *trace)
{
    return trace->failure;
}
