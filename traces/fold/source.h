/* The virtual table through which rows in memory reach the database: INSERT ... SELECT from it costs less than half of
 * binding and stepping a row at a time. It is eponymous only, so that nothing of it is left in the trace. */
#ifndef LEASH_FOLD_SOURCE_H
#define LEASH_FOLD_SOURCE_H

#include "columns.h"

#define LEASH__SOURCE_COLUMNS 28 /* c0 ... c27: as many as the widest table has */

/* What the next query of the table will read; set before the statement runs. */
struct leash__source {
    const struct leash__column *columns;
    int columns_count;
    void *const *rows;
    size_t count;
};

/* Registers table leash_rows. `source` must live until leash__source_unregister. An SQLite code. */
int leash__source_register(sqlite3 *db, struct leash__source *source);
void leash__source_unregister(sqlite3 *db);

#endif
