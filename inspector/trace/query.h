/* Questions to a trace, row by row, without SQLite's types. */
#ifndef LEASH_INSPECTOR_QUERY_H
#define LEASH_INSPECTOR_QUERY_H

#include "trace.h"

#include <stddef.h>
#include <stdint.h>

struct trace_query;
enum trace_type { TRACE_NULL, TRACE_INTEGER, TRACE_REAL, TRACE_TEXT, TRACE_BLOB };

/* NULL: trace_failure() tells why. */
struct trace_query *trace_prepare(struct trace *trace, const char *sql);
/* The same for SQL that a user typed: exactly one statement, and one that only reads. */
struct trace_query *trace_prepare_user(struct trace *trace, const char *sql);
void trace_bind(struct trace_query *query, int index, int64_t value);
void trace_bind_text(struct trace_query *query, int index, const char *value); /* must outlive the query */
/* 1: a row; 0: no more; -EINTR: interrupted; -EIO: trace_failure() tells why. */
int trace_step(struct trace_query *query);
/* Back to before the first row, bindings kept. */
void trace_reset(struct trace_query *query);
void trace_finish(struct trace_query *query);

int trace_columns(const struct trace_query *query);
const char *trace_column_name(const struct trace_query *query, int column);
enum trace_type trace_type(struct trace_query *query, int column);
bool trace_is_null(struct trace_query *query, int column);
int64_t trace_int(struct trace_query *query, int column);
double trace_real(struct trace_query *query, int column);
/* Valid until the next call; NULL for NULL. Cut at TRACE_TEXT_MAX bytes and at a NUL. */
const char *trace_text(struct trace_query *query, int column);
/* The bytes of a text or a blob, whole. */
const void *trace_bytes(struct trace_query *query, int column, size_t *length);

/* What is asked in between sees the trace at one instant, and is answered faster. A program that records cannot shorten
 * its -wal meanwhile: not for longer than a load takes. Nothing depends on their success. */
void trace_begin_reading(struct trace *trace);
void trace_end_reading(struct trace *trace);

/* Why the last prepare or step failed, in one sentence. */
const char *trace_failure(const struct trace *trace);
/* After a prepare failed: the byte of its SQL that is wrong; negative: not known. */
long trace_failure_at(const struct trace *trace);

#endif
