#include "known.h"

int leash__known_mark(struct leash__table *table, sqlite3 *db, void **rows, size_t count, bool *any)
{
    int rc = leash__table_prepare(table, db, &table->among, "SELECT %s FROM main.%s WHERE %s BETWEEN ?1 AND ?2");
    if (rc != SQLITE_OK)
        return rc;
    const uint64_t first = ((const struct leash__row *)rows[0])->id;
    sqlite3_bind_int64(table->among, 1, (sqlite3_int64)first);
    sqlite3_bind_int64(table->among, 2, (sqlite3_int64)(first + count - 1));
    while (sqlite3_step(table->among) == SQLITE_ROW) {
        struct leash__row *row = rows[(uint64_t)sqlite3_column_int64(table->among, 0) - first];
        row->known = !row->closed && !row->patch;
        *any |= row->known;
    }
    return sqlite3_reset(table->among);
}

int leash__known_reload(struct leash__table *table, sqlite3 *db, void **rows, size_t count)
{
    sqlite3_stmt *statement;
    int rc = leash__table_select(table, db, "%s = ?1", &statement);
    for (size_t i = 0; rc == SQLITE_OK && i < count; i++) {
        struct leash__row *row = rows[i];
        if (!row->known)
            continue;
        row->known = 0;
        sqlite3_bind_int64(statement, 1, (sqlite3_int64)row->id);
        if (sqlite3_step(statement) == SQLITE_ROW)
            rc = leash__table_load_row(table, statement, row);
        int reset = sqlite3_reset(statement);
        rc = rc == SQLITE_OK ? reset : rc;
    }
    if (statement)
        sqlite3_finalize(statement);
    return rc;
}
