/* A trace, opened for reading. What is in it was written by somebody else and is not trusted: only plain tables are
 * read, nothing in it is run, every query is bounded in time, every text in length.
 *
 *   trace_open()   probe the files, wait for a program that still records, replay what a killed one left, connect
 *   trace_dup()    one more connection, for another thread: a handle is used by one thread at a time
 *   query.h        prepared questions, row by row
 */
#ifndef LEASH_INSPECTOR_TRACE_H
#define LEASH_INSPECTOR_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>

#define TRACE_GRACE_DEFAULT         0.2
#define TRACE_QUERY_SECONDS_DEFAULT 60.0
#define TRACE_TEXT_MAX              8192 /* a text of a trace is cut here */

struct trace_options {
    double grace;         /* seconds to wait for a program that still records */
    double query_seconds; /* a query that runs longer is stopped; 0: the default */
    bool spills;          /* what must be sorted may go to temporary files, not only to memory */
    bool any_version;     /* a schema newer than this build's opens too, without rules */
};

/* What is wrong, in one sentence that begins with the trace's path. */
struct trace_error {
    char text[1024];
};

struct trace;

/* 0; or -ENOENT, -EACCES, -EIO, -EINVAL (not a trace), -EPROTO (newer schema), -EBADMSG (damaged), with a message. */
int trace_open(const char *path, const struct trace_options *options, struct trace **out, struct trace_error *error);
void trace_close(struct trace *trace);
/* Opens the path of `trace` anew, without waiting; `trace` stays open, as what it was. From any thread. */
int trace_reopen(const struct trace *trace, struct trace **out, struct trace_error *error);
/* A second handle on what `trace` has open, for another thread to ask. To be closed before `trace` is. */
int trace_dup(const struct trace *trace, struct trace **out, struct trace_error *error);

/* As it was given to trace_open(). */
const char *trace_path(const struct trace *trace);
/* A program was still recording to it when it was opened. */
bool trace_is_live(const struct trace *trace);
/* For who follows a live trace, some times a second; takes microseconds, and holds up nobody. REOPEN: the program has
 * finished, or is dead and what it left wants to be replayed, or another trace has taken the place of this one. */
enum trace_news { TRACE_SAME, TRACE_CHANGED, TRACE_REOPEN };
enum trace_news trace_news(struct trace *trace);
/* Why not all that was recorded is in it, in one sentence; NULL: it is, as far as can be told from outside. */
const char *trace_note(const struct trace *trace);
/* PRAGMA user_version. */
int trace_schema(const struct trace *trace);

/* May another trace be put in its place: there is none, or one that is finished? Anything else is somebody's file. */
bool trace_may_replace(const char *path, struct trace_error *error);

/* From any thread: the query that runs on this handle stops soon, and those after it fail at once, until
 * trace_resume(). Whoever computes long beside the queries looks at trace_is_interrupted() now and then. */
void trace_interrupt(struct trace *trace);
void trace_resume(struct trace *trace);
bool trace_is_interrupted(const struct trace *trace);

/* Set from a signal handler: running queries stop soon, on all handles. */
extern atomic_bool trace_interrupted;

#endif
