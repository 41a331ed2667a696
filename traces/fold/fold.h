/* The fold: from events in a spool to rows in a trace. The one reader of spools; the runtime's writer thread and the
 * inspector's replay both use it, so that a replayed trace is the trace that would have been written.
 *
 * A spool is hostile input: every length is checked, nothing is followed blindly. Not thread-safe; one fold a database.
 */
#ifndef LEASH_FOLD_H
#define LEASH_FOLD_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <trace_format.h>

struct leash_fold;

/* Creates the tables (schema.sql) in an empty database: WAL, synchronous OFF. 0, -errno, message through
 * leash_fold_error. */
int leash_trace_create(sqlite3 *db);
/* Loads open rows and drain marks of a database that has the schema. 0, -ENOMEM, -EIO, -EINVAL. */
int leash_fold_new(sqlite3 *db, struct leash_fold **out);
void leash_fold_free(struct leash_fold *fold);
/* The last failure in one sentence. */
const char *leash_fold_error(const struct leash_fold *fold);

/* A view of one segment: header and slots as mapped (or copied). */
struct leash_segment {
    const struct leash_segment_header *header;
    const uint64_t *slots;
    uint32_t count; /* slots in a segment */
};
/* Checks the spool's header and size. Segments are then read by number. 0; -EINVAL not a spool, -EPROTO version. */
int leash_spool_check(const void *map, size_t size);
bool leash_spool_segment(const void *map, size_t size, uint32_t number,
                         struct leash_segment *out); /* false: free or bad */

/* Takes one batch: from every live segment of the spool, in (thread, sequence) order, the valid prefix beyond `drain`,
 * and commits rows and drain marks in one transaction. Returns the number of slots taken (0: nothing new), -errno
 * (rolled back, the spool stays, a later call tries again: -ENOSPC full disk, -EBUSY another writer, -EIO, -ENOMEM).
 * done[i] (one byte a segment of the header's count, cleared first; may be NULL) is set for segments of which nothing
 * remains to be read and that are closed: read up to a PAD or to the last slot, or their thread has a later one, or
 * `final` is set. The caller may free them, generation 0, after the return. (A thread that ends closes its segment by a
 * PAD and takes no later one. Look for the later one before reading the earlier: its last events are in place by then.)
 * `final`: no producer lives any more; until then a thread's segments are taken without gaps in their sequence.
 * max_events bounds the batch, in slots (0: 16 Ki). */
int64_t leash_fold_batch(struct leash_fold *fold, const void *map, size_t size, bool final, unsigned char *done,
                         size_t max_events);

/* The run is over (or crashed): closes open rows where the end kind says so, stores totals, site_stat, top_task, builds
 * the indexes, creates the rules' views, fills `finding`, sets run.end_kind and meta.complete. One transaction. */
struct leash_fold_ending {
    const char *end_kind; /* complete, exited, crashed */
    int exit_code;        /* valid if exited */
    uint64_t ended_ns;    /* 0: the last event's */
    uint64_t ended_unix_ns;
    uint64_t dropped;
};
int leash_fold_finish(struct leash_fold *fold, const struct leash_fold_ending *ending);

/* Frames without a name yet: for the symbolizer (runtime: at the end; inspector: after a replay). Calls `name` for each
 * frame with its module's path and build-id; what it fills in is stored. */
struct leash_frame_name {
    const char *func;
    const char *file;
    int line;
};
typedef bool leash_frame_namer(void *argument, const char *module, const char *build_id, uint64_t offset,
                               struct leash_frame_name *out);
int leash_fold_name_frames(struct leash_fold *fold, leash_frame_namer *name, void *argument);

/* The rules, embedded from rules/ at build time. */
struct leash_rule {
    const char *name;                            /* its file's: nearly always the class */
    const char *class, *severity, *title, *hint; /* of the header comment; severity "error" or "warning" */
    const char *sql;                             /* one SELECT */
};
extern const struct leash_rule leash_rules[];
extern const size_t leash_rules_count;
extern const char leash_rules_version[];
/* Creates (TEMP if `temporary`: for the inspector, over a read-only trace) the views rule_<name>, `leak`, `coroutine`,
 * `event`. 0, -EIO. */
int leash_rules_install(sqlite3 *db, bool temporary);

#endif
