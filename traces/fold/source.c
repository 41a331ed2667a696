#include "source.h"

#include <stdlib.h>

#define TABLE_NAME "leash_rows"

struct leash_rows_table {
    sqlite3_vtab base;
    const struct leash__source *source;
};

struct leash_rows_cursor {
    sqlite3_vtab_cursor base;
    const struct leash__column *columns;
    int columns_count;
    void *const *row;
    void *const *end;
};

static int leash_rows_connect(sqlite3 *db, void *source, int argc, const char *const *argv, sqlite3_vtab **out,
                              char **error)
{
    (void)argc, (void)argv, (void)error;
    int rc = sqlite3_declare_vtab(db, "CREATE TABLE x(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, "
                                      "c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27)");
    if (rc == SQLITE_OK)
        rc = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY); /* no trigger of a hostile trace may read it */
    if (rc != SQLITE_OK)
        return rc;
    struct leash_rows_table *table = sqlite3_malloc(sizeof(*table));
    if (!table)
        return SQLITE_NOMEM;
    *table = (struct leash_rows_table){.source = source};
    *out = &table->base;
    return SQLITE_OK;
}

static int leash_rows_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int leash_rows_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 1e5;
    info->estimatedRows = 100000;
    return SQLITE_OK;
}

static int leash_rows_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    struct leash_rows_cursor *cursor = sqlite3_malloc(sizeof(*cursor));
    if (!cursor)
        return SQLITE_NOMEM;
    *cursor = (struct leash_rows_cursor){.row = NULL};
    *out = &cursor->base;
    return SQLITE_OK;
}

static int leash_rows_close(sqlite3_vtab_cursor *cursor)
{
    sqlite3_free(cursor);
    return SQLITE_OK;
}

static int leash_rows_filter(sqlite3_vtab_cursor *base, int number, const char *name, int argc, sqlite3_value **argv)
{
    (void)number, (void)name, (void)argc, (void)argv;
    struct leash_rows_cursor *cursor = (struct leash_rows_cursor *)base;
    const struct leash__source *source = ((struct leash_rows_table *)base->pVtab)->source;
    cursor->columns = source->columns;
    cursor->columns_count = source->columns_count;
    cursor->row = source->rows;
    cursor->end = source->rows + source->count;
    return SQLITE_OK;
}

static int leash_rows_next(sqlite3_vtab_cursor *base)
{
    ((struct leash_rows_cursor *)base)->row++;
    return SQLITE_OK;
}

static int leash_rows_eof(sqlite3_vtab_cursor *base)
{
    const struct leash_rows_cursor *cursor = (struct leash_rows_cursor *)base;
    return cursor->row == cursor->end;
}

static int leash_rows_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
    const struct leash_rows_cursor *cursor = (struct leash_rows_cursor *)base;
    if (index >= 0 && index < cursor->columns_count)
        leash__column_result(&cursor->columns[index], *cursor->row, context);
    return SQLITE_OK;
}

static int leash_rows_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)(uintptr_t)((struct leash_rows_cursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module leash_rows_module = {
    .iVersion = 1,
    .xConnect = leash_rows_connect, /* xCreate is NULL: eponymous only */
    .xBestIndex = leash_rows_best_index,
    .xDisconnect = leash_rows_disconnect,
    .xOpen = leash_rows_open,
    .xClose = leash_rows_close,
    .xFilter = leash_rows_filter,
    .xNext = leash_rows_next,
    .xEof = leash_rows_eof,
    .xColumn = leash_rows_column,
    .xRowid = leash_rows_rowid,
};

int leash__source_register(sqlite3 *db, struct leash__source *source)
{
    return sqlite3_create_module(db, TABLE_NAME, &leash_rows_module, source);
}

void leash__source_unregister(sqlite3 *db)
{
    sqlite3_create_module(db, TABLE_NAME, NULL, NULL);
}
