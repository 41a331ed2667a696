/* A table of the trace as far as it is in memory: the rows that are still open, and those that the current batch made
 * or changed. leash__table_flush writes the latter inside the batch's transaction; only after its COMMIT
 * leash__table_saved believes that they are stored, so that a failed batch can be written again. */
#ifndef LEASH_FOLD_TABLE_H
#define LEASH_FOLD_TABLE_H

#include "idmap.h"
#include "rowpool.h"
#include "source.h"

enum leash__table_ids {
    LEASH__KEYED,    /* ids are the runtime's; rows are found by id */
    LEASH__NUMBERED, /* ids are given here, in order; rows are not found by id */
    LEASH__LISTED    /* no id of its own; a row that is there already stays as it is */
};

struct leash__table_kind {
    const char *name;
    enum leash__table_ids ids;
    size_t row_size;
    const struct leash__column *columns; /* the first is the id, but for LISTED */
    size_t columns_count;
    const char *open; /* WHERE clause of the rows to load when a fold begins; NULL: none */
};

struct leash__table {
    const struct leash__table_kind *kind;
    struct leash__rowpool pool;
    struct leash__idmap by_id; /* KEYED */
    void **dirty;              /* rows to write; in order of the first change */
    size_t dirty_count, dirty_capacity;
    uint8_t texts[LEASH__SOURCE_COLUMNS], texts_count; /* which columns are texts */
    uint8_t rare[LEASH__SOURCE_COLUMNS], rare_count;   /* ... and which are rare */
    uint64_t last_id;                                  /* the largest ever seen; NUMBERED: the last one given */
    /* NULL until first used; [1]: without the rare columns. */
    sqlite3_stmt *append[2], *insert[2], *replace[2], *max, *among;
};

void leash__table_init(struct leash__table *table, const struct leash__table_kind *kind);
/* Forgets all rows, keeps the statements. */
void leash__table_clear(struct leash__table *table);
void leash__table_free(struct leash__table *table);

/* KEYED: NULL if it is not in memory. */
void *leash__table_find(const struct leash__table *table, uint64_t id);
/* A new row, dirty. KEYED: with this id, which must not be in memory; else the id is not looked at. NULL: no memory. */
void *leash__table_add(struct leash__table *table, uint64_t id);
/* To be called before a row is changed. 0, -ENOMEM. */
int leash__table_touch(struct leash__table *table, void *row);

/* Nothing more will happen to the row: it leaves memory, once it is written if there is anything to write. */
void leash__table_close(struct leash__table *table, void *row);

/* An SQLite code. */
int leash__table_flush(struct leash__table *table, sqlite3 *db, struct leash__source *source);
void leash__table_saved(struct leash__table *table);
/* Loads the rows that are open, and last_id. An SQLite code. */
int leash__table_load(struct leash__table *table, sqlite3 *db);

/* ---- between the files of tables ---- */

/* Prepares a statement about the table unless that was done. The format takes its id's name, its own, its id's. */
int leash__table_prepare(struct leash__table *table, sqlite3 *db, sqlite3_stmt **statement, const char *format);
/* A statement that selects all columns of rows that fulfil a condition; *out is NULL on failure. */
int leash__table_select(struct leash__table *table, sqlite3 *db, const char *condition, sqlite3_stmt **out);
/* Fills a row in from the statement's; what texts it had are freed. An SQLite code. */
int leash__table_load_row(struct leash__table *table, sqlite3_stmt *statement, void *row);

#endif
