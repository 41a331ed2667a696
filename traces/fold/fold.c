/* A fold's life, and its batches: reading threads' segments in order up to a bound, and one transaction for what came
 * of it. A failure while events are applied leaves memory in doubt: it is cleared, and loaded again by the next call. A
 * failure while rows are written leaves memory good: the next call writes them again. */
#include "apply.h"
#include "ready.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_SLOTS = 1 << 14 }; /* their rows fit into a cache; more would spare little */

/* ---- life ---- */

static int leash_pragma(sqlite3 *db, const char *sql, int *out)
{
    sqlite3_stmt *statement;
    int rc = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);
    if (rc != SQLITE_OK)
        return rc;
    *out = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    return sqlite3_finalize(statement);
}

static int leash_check_schema(struct leash_fold *fold)
{
    int application = 0, version = 0;
    int rc = leash_pragma(fold->db, "PRAGMA main.application_id", &application);
    if (rc == SQLITE_OK)
        rc = leash_pragma(fold->db, "PRAGMA main.user_version", &version);
    if (rc != SQLITE_OK)
        return leash__failed(fold, "reading the database's header", rc);
    if (application == LEASH_APPLICATION_ID && version == LEASH_SCHEMA_VERSION)
        return 0;
    snprintf(fold->error, sizeof(fold->error), "the database is no trace of version %d", LEASH_SCHEMA_VERSION);
    return -EINVAL;
}

static int leash_load(struct leash_fold *fold)
{
    return fold->loaded ? 0 : leash__failed(fold, "loading the open rows of the trace", leash__state_load(fold));
}

int leash_fold_new(sqlite3 *db, struct leash_fold **out)
{
    struct leash_fold *fold = malloc(sizeof(*fold));
    if (!fold)
        return -ENOMEM;
    leash__state_init(fold, db);
    int rc = leash_check_schema(fold);
    if (rc == 0)
        rc = leash__failed(fold, "registering a virtual table", leash__source_register(db, &fold->source));
    if (rc == 0)
        rc = leash_load(fold);
    if (rc < 0) {
        leash_fold_free(fold);
        return rc;
    }
    *out = fold;
    return 0;
}

void leash_fold_free(struct leash_fold *fold)
{
    if (!fold)
        return;
    leash__state_free(fold);
    leash__source_unregister(fold->db);
    free(fold);
}

const char *leash_fold_error(const struct leash_fold *fold)
{
    return fold->error;
}

/* ---- a batch ---- */

struct leash_batch {
    struct leash_fold *fold;
    struct leash__spool_list list;
    bool final;
    size_t limit; /* slots */
    size_t taken;
    unsigned char *done; /* a byte a part of the list, to be told after COMMIT */
    struct leash__reader reader;
};

/* The thread's mark. NULL: no memory. */
static struct leash__drain *leash_drain_of(struct leash_fold *fold, uint32_t thread)
{
    struct leash__drain *drain = LEASH__FIND(fold, drain, thread);
    return drain ? drain : LEASH__ADD(fold, drain, thread);
}

/* Reads a segment from the thread's mark on, and moves the mark. LEASH__READ_END or _CLOSED: there was nothing more,
 * _EVENT: the batch is full; -ENOMEM. */
static int leash_take_segment(struct leash_batch *batch, const struct leash__spool_part *part)
{
    struct leash_fold *fold = batch->fold;
    struct leash__drain *thread = fold->thread;
    batch->reader.part = part;
    batch->reader.slot = thread->slot < part->slots_count ? (uint32_t)thread->slot : part->slots_count;
    while (batch->taken < batch->limit) {
        struct leash__event event;
        const enum leash__read read = leash__read_event(&batch->reader, &event);
        if (read == LEASH__READ_END || read == LEASH__READ_CLOSED)
            return (int)read;
        if (LEASH__TOUCH(fold, drain, thread) < 0)
            return -ENOMEM;
        if (read == LEASH__READ_BAD)
            fold->totals.counts.bad_slots++;
        else if (leash__apply(fold, &event) < 0)
            return -ENOMEM;
        batch->taken += batch->reader.slot - thread->slot;
        thread->slot = batch->reader.slot;
    }
    return LEASH__READ_EVENT;
}

static void leash_open_segment(struct leash__drain *thread, const struct leash__spool_part *part)
{
    thread->sequence = part->sequence;
    thread->slot = 0;
    if (part->first_ns > thread->last_ns)
        thread->last_ns = part->first_ns;
}

/* Takes what the segments parts[first ... end) of one thread hold. 0; 1: the batch is full; -ENOMEM. */
static int leash_take_thread(struct leash_batch *batch, uint32_t first, uint32_t end)
{
    const struct leash__spool_part *parts = batch->list.parts;
    struct leash__drain *thread = batch->fold->thread = leash_drain_of(batch->fold, parts[first].thread);
    if (!thread)
        return -ENOMEM;
    for (uint32_t i = first; i < end; i++) {
        const bool later = i + 1 < end;
        const bool twice = i > first && parts[i].sequence == parts[i - 1].sequence;
        if (twice || parts[i].sequence < thread->sequence) {
            batch->done[i] = 1; /* covered, or an impostor */
            continue;
        }
        if (parts[i].sequence > thread->sequence + 1 && !batch->final)
            return 0; /* one between was taken by the producer after the list was made */
        if (parts[i].sequence > thread->sequence)
            leash_open_segment(thread, &parts[i]);
        int read = leash_take_segment(batch, &parts[i]);
        if (read < 0)
            return read;
        if (read == LEASH__READ_EVENT)
            return 1;
        batch->done[i] = read == LEASH__READ_CLOSED || later || batch->final;
        if (!batch->done[i])
            return 0;
    }
    return 0;
}

static uint32_t leash_group_end(const struct leash__spool_list *list, uint32_t first)
{
    uint32_t end = first;
    while (end < list->count && list->parts[end].thread == list->parts[first].thread)
        end++;
    return end;
}

/* Takes all threads once, beginning with the first from `next_thread` on. 0, -ENOMEM. */
static int leash_take_threads(struct leash_batch *batch)
{
    const struct leash__spool_list *list = &batch->list;
    uint32_t start = 0;
    while (start < list->count && list->parts[start].thread < batch->fold->next_thread)
        start++;
    for (int round = 0; round < 2; round++) {
        uint32_t first = round ? 0 : start;
        const uint32_t stop = round ? start : list->count;
        while (first < stop) {
            const uint32_t end = leash_group_end(list, first);
            int rc = leash_take_thread(batch, first, end);
            if (rc < 0)
                return rc;
            if (rc == 1) {
                batch->fold->next_thread = list->parts[first].thread + 1;
                return 0;
            }
            first = end;
        }
    }
    return 0;
}

/* Writes what was folded, in one transaction. 0, -errno (rolled back; to be called again). */
static int leash_save(struct leash_fold *fold)
{
    int rc = leash__exec(fold, "BEGIN IMMEDIATE");
    if (rc == SQLITE_OK)
        rc = leash__state_flush(fold);
    if (rc == SQLITE_OK)
        rc = leash__exec(fold, "COMMIT");
    if (rc == SQLITE_OK) {
        leash__state_saved(fold);
        return 0;
    }
    int failed = leash__failed(fold, "writing rows into the trace", rc);
    if (!sqlite3_get_autocommit(fold->db))
        leash__exec(fold, "ROLLBACK");
    return failed;
}

int leash__fold_ready(struct leash_fold *fold)
{
    return fold->unsaved ? leash_save(fold) : leash_load(fold);
}

/* Reads and saves. The number of slots taken, -errno. */
static int64_t leash_take(struct leash_batch *batch)
{
    struct leash_fold *fold = batch->fold;
    if (fold->totals.counts.bad_segments < batch->list.bad)
        fold->totals.counts.bad_segments = batch->list.bad;
    int rc = leash_take_threads(batch);
    if (rc < 0) {
        leash__state_clear(fold);
        snprintf(fold->error, sizeof(fold->error), "no memory for the rows of a batch");
        return rc;
    }
    if (!batch->taken)
        return 0;
    fold->unsaved = true;
    fold->unsaved_slots = (int64_t)batch->taken;
    rc = leash_save(fold);
    return rc < 0 ? rc : (int64_t)batch->taken;
}

int64_t leash_fold_batch(struct leash_fold *fold, const void *map, size_t size, bool final, unsigned char *done,
                         size_t max_events)
{
    struct leash_batch batch = {.fold = fold, .final = final, .limit = max_events ? max_events : DEFAULT_SLOTS};
    int rc = leash_spool_check(map, size);
    if (rc == 0)
        rc = leash__spool_list(map, size, &batch.list);
    if (rc < 0) {
        snprintf(fold->error, sizeof(fold->error), rc == -ENOMEM ? "no memory" : "the file is no spool of version %d",
                 LEASH_SPOOL_VERSION);
        return rc;
    }
    if (done && batch.list.segments)
        memset(done, 0, batch.list.segments);
    int64_t taken = 0;
    const bool unsaved = fold->unsaved;
    rc = leash__fold_ready(fold);
    if (rc == 0 && unsaved)
        taken = fold->unsaved_slots; /* what is done is told by the next call */
    batch.done = calloc(batch.list.count + 1, 1);
    if (!batch.done)
        rc = rc == 0 && !unsaved ? -ENOMEM : rc;
    if (rc == 0 && !unsaved)
        taken = leash_take(&batch);
    for (uint32_t i = 0; rc == 0 && taken >= 0 && done && !unsaved && i < batch.list.count; i++)
        done[batch.list.parts[i].number] = batch.done[i];
    free(batch.done);
    leash__spool_list_free(&batch.list);
    return rc < 0 ? rc : taken;
}
