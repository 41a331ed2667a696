/* Shared by the files of trace/ and by nobody else. */
#ifndef LEASH_INSPECTOR_TRACE_PRIVATE_H
#define LEASH_INSPECTOR_TRACE_PRIVATE_H

#include "trace.h"

#include <replay.h>
#include <sqlite3.h>
#include <stdint.h>

struct trace {
    char *path; /* as given */
    char *file; /* what SQLite opens: `path`, or a copy of it; never begins with ':' or "file:" */
    struct leash_replay replay;
    char *temp_dir; /* holds the copy; removed at close. NULL: no copy */
    sqlite3 *db;    /* NULL until connected */
    struct trace_options options;
    bool live;
    bool transaction; /* trace_begin_reading() or trace_end_reading() runs */
    bool tidy;        /* nothing was in a -wal beside it: the one that reading makes is to be removed */
    int schema;
    char note[300];          /* why the spool beside it could not be replayed; empty: it could, or there is none */
    atomic_bool interrupted; /* the only field that another thread touches */
    uint64_t identity;       /* of the files when they were opened: of what was copied, with when it was written */
    int64_t version;         /* of the data, as trace_news() saw it last; 0: it did not look yet */
    int64_t deadline_ns;     /* CLOCK_MONOTONIC: when the running query is stopped */
    char failure[512];       /* of the last query */
    long failure_at;         /* the byte of its SQL that is wrong; negative: not known */
};

/* What the file system and the first 100 bytes tell. */
struct trace_probe {
    uint64_t size;
    bool exists, wal; /* the trace; a -wal that is not empty beside it */
    bool wal_mode;
    uint32_t application_id, user_version; /* of the file alone: a -wal may know better */
};

int trace_fail(struct trace_error *error, int code, const char *path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* probe.c */
int trace_probe(const char *path, struct trace_probe *probe, struct trace_error *error);

/* live.c */
enum trace_spool { TRACE_SPOOL_NONE, TRACE_SPOOL_HELD, TRACE_SPOOL_FREE };
enum trace_spool trace_spool_state(const char *path);
enum trace_spool trace_spool_wait(const char *path, double grace);

/* Which file that is, by its place in the file system; if `written`, also when it and its -wal last were. 0: none. */
uint64_t trace_identity(const char *path, bool written);

/* copy.c: copies the trace and its -wal into a directory of ours and sets trace->file. */
int trace_copy(struct trace *trace, struct trace_error *error);
void trace_copy_remove(struct trace *trace);
/* 0, 1 if there is no such file, or -errno. */
int trace_copy_file(const char *from, const char *to);

/* functions.c */
int trace_add_functions(sqlite3 *db);

/* guard.c */
int trace_guard_connection(struct trace *trace, sqlite3 *db);
/* What leash reads must be tables, and all of them there if `whole`; triggers are nothing that leash writes. */
int trace_guard_schema(struct trace *trace, bool whole, struct trace_error *error);
void trace_guard_queries(struct trace *trace);

#endif
