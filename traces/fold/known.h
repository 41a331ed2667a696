/* New rows whose ids the database has already. Ids given twice and events after an end make such rows, hence only
 * hostile spools and those that events were dropped from. They are merged into what is there; after that memory must
 * hold all of the merged row, since later changes replace it as a whole. */
#ifndef LEASH_FOLD_KNOWN_H
#define LEASH_FOLD_KNOWN_H

#include "table.h"

#include <stdbool.h>

/* Marks those of the rows, whose ids are dense, that the database has and that stay in memory. *any: set if there are
 * some. An SQLite code. */
int leash__known_mark(struct leash__table *table, sqlite3 *db, void **rows, size_t count, bool *any);
/* Loads the marked rows, once they are merged. An SQLite code. */
int leash__known_reload(struct leash__table *table, sqlite3 *db, void **rows, size_t count);

#endif
