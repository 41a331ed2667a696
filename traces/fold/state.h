/* What a fold holds in memory between two batches: the open rows of every table and how they hang together. */
#ifndef LEASH_FOLD_STATE_H
#define LEASH_FOLD_STATE_H

#include "fold.h"
#include "rows.h"
#include "totals.h"

enum { LEASH__STATS = 64 };
enum { LEASH__RECENT = 16 }; /* cancellations that a CANCEL_MESSAGE may still be about */

struct leash_fold {
    sqlite3 *db;
    struct leash__table tables[LEASH__T_COUNT];
    struct leash__idmap frames; /* (module, offset) to struct leash__frame */
    struct leash__cancel *recent[LEASH__RECENT];
    unsigned recent_next;
    struct leash__totals totals;
    struct leash__site_stat *stats[LEASH__STATS]; /* those last used, by the lower bits of the site's id */
    uint64_t *gone; /* coroutines with a stored row that a task has taken since: to be deleted */
    size_t gone_count, gone_capacity;
    struct leash__source source;
    uint32_t next_thread; /* the one that the next batch begins with, so that none is kept waiting */
    bool loaded;          /* memory agrees with the database and what was folded since */
    bool unsaved;         /* a batch is folded and its commit failed: the next call only writes it */
    int64_t unsaved_slots;

    /* While an event is applied: */
    struct leash__drain *thread; /* whose event it is */
    uint64_t now;                /* when it happened */

    char error[256];
};

/* The table `name`; leash__find and leash__add know the type of its rows. */
#define LEASH__TABLE(fold, name)      (&(fold)->tables[LEASH__T_##name])
#define LEASH__FIND(fold, name, id)   ((struct leash__##name *)leash__table_find(LEASH__TABLE(fold, name), (id)))
#define LEASH__ADD(fold, name, id)    ((struct leash__##name *)leash__table_add(LEASH__TABLE(fold, name), (id)))
#define LEASH__TOUCH(fold, name, row) leash__table_touch(LEASH__TABLE(fold, name), (row))

void leash__state_init(struct leash_fold *fold, sqlite3 *db);
/* Forgets everything that is in memory. */
void leash__state_clear(struct leash_fold *fold);
void leash__state_free(struct leash_fold *fold);
/* Loads what is open in the database. An SQLite code; on failure the state is clear. */
int leash__state_load(struct leash_fold *fold);
/* Writes what is new or changed; inside a transaction. An SQLite code. */
int leash__state_flush(struct leash_fold *fold);
/* After COMMIT. */
void leash__state_saved(struct leash_fold *fold);

/* Runs SQL without results. An SQLite code. */
int leash__exec(struct leash_fold *fold, const char *sql);
/* Notes what failed and gives the errno for an SQLite code: -ENOSPC, -ENOMEM, -EBUSY, -EIO. 0 for SQLITE_OK. */
int leash__failed(struct leash_fold *fold, const char *doing, int code);

/* The interned frame. NULL: no memory, or (errno EBADMSG) numbers that no frame has. */
struct leash__frame *leash__frame_of(struct leash_fold *fold, uint64_t module, uint64_t offset);

#endif
