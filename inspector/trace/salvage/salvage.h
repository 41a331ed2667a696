/* What can be read of a trace that SQLite refuses, page by page.
 *
 *   format   bytes of a page: cells, records            tables   which tables there are, and what a row of each looks
 * like pages    the file, and its -wal above it             salvage  from the trees' roots down; then what no tree
 * leads to
 *
 * Where page 1 cannot be read, the roots are those of a trace that was just made: its tables are always made in the
 * same order. Leaves that no tree leads to are known by the shape of their rows. */
#ifndef LEASH_INSPECTOR_SALVAGE_H
#define LEASH_INSPECTOR_SALVAGE_H

#include "pages.h"
#include "tables.h"

struct salvage {
    sqlite3 *db; /* the new trace */
    struct pages pages;
    struct tables tables;
    bool schema_known; /* page 1 told where the tables are, all of them */
    bool whole;        /* every tree of a table could be read to its last leaf, and nothing else was looked for */
    int64_t rows;      /* saved, of all tables but those that tell nothing of the run */
    uint8_t *seen;     /* by a page's index: it was read, or belongs to something that is not read */
    uint8_t *page, *overflow;
    uint8_t *payload; /* of a row that lies on several pages */
    size_t payload_room;
    int failed; /* -EIO: the new trace cannot be written; -EINTR */
};

/* Puts what can be read of `path` into `db`, a trace that was just made, in a transaction of the caller's. 0; -EIO and
 * -ENOMEM, with sqlite3_errmsg(db); -EINTR; another -errno: the file cannot be read. salvage_free in any case. */
int salvage_read(struct salvage *salvage, const char *path, sqlite3 *db);
void salvage_free(struct salvage *salvage);

#endif
