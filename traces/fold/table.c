#include "table.h"

#include <errno.h>
#include <stdlib.h>

void leash__table_init(struct leash__table *table, const struct leash__table_kind *kind)
{
    *table = (struct leash__table){.kind = kind};
    leash__rowpool_init(&table->pool, kind->row_size);
    leash__idmap_init(&table->by_id);
    for (size_t i = 0; i < kind->columns_count; i++) {
        if (kind->columns[i].type == LEASH__TEXT)
            table->texts[table->texts_count++] = (uint8_t)i;
        if (kind->columns[i].rare)
            table->rare[table->rare_count++] = (uint8_t)i;
    }
}

static void leash_free_texts(void *argument, void *row)
{
    const struct leash__table *table = argument;
    for (unsigned i = 0; i < table->texts_count; i++)
        free(*(char **)(void *)((char *)row + table->kind->columns[table->texts[i]].offset));
}

void leash__table_clear(struct leash__table *table)
{
    leash__rowpool_each(&table->pool, leash_free_texts, table);
    leash__rowpool_free(&table->pool);
    leash__idmap_free(&table->by_id);
    free(table->dirty);
    table->dirty = NULL;
    table->dirty_count = table->dirty_capacity = 0;
    table->last_id = 0;
}

void leash__table_free(struct leash__table *table)
{
    leash__table_clear(table);
    for (int plain = 0; plain < 2; plain++) {
        sqlite3_finalize(table->append[plain]);
        sqlite3_finalize(table->insert[plain]);
        sqlite3_finalize(table->replace[plain]);
    }
    sqlite3_finalize(table->max);
    sqlite3_finalize(table->among);
}

void *leash__table_find(const struct leash__table *table, uint64_t id)
{
    return leash__idmap_get(&table->by_id, id);
}

int leash__table_touch(struct leash__table *table, void *row)
{
    struct leash__row *head = row;
    if (head->dirty)
        return 0;
    if (table->dirty_count == table->dirty_capacity) {
        size_t capacity = table->dirty_capacity ? table->dirty_capacity * 2 : 64;
        void **dirty = realloc(table->dirty, capacity * sizeof(*dirty));
        if (!dirty)
            return -ENOMEM;
        table->dirty = dirty;
        table->dirty_capacity = capacity;
    }
    table->dirty[table->dirty_count++] = row;
    head->dirty = 1;
    return 0;
}

/* A row that is in the map but not yet on the list of those to write. */
static void *leash_enter(struct leash__table *table, uint64_t id)
{
    struct leash__row *row = leash__rowpool_take(&table->pool);
    if (!row)
        return NULL;
    row->id = id;
    if (table->kind->ids == LEASH__KEYED && leash__idmap_put(&table->by_id, id, row) < 0) {
        leash__rowpool_give(&table->pool, row);
        return NULL;
    }
    return row;
}

static void leash_drop(struct leash__table *table, struct leash__row *row)
{
    if (table->kind->ids == LEASH__KEYED)
        leash__idmap_remove(&table->by_id, row->id);
    leash_free_texts(table, row);
    leash__rowpool_give(&table->pool, row);
}

void *leash__table_add(struct leash__table *table, uint64_t id)
{
    if (table->kind->ids != LEASH__KEYED)
        id = table->last_id + 1;
    void *row = leash_enter(table, id);
    if (row && leash__table_touch(table, row) < 0) {
        leash_drop(table, row);
        return NULL;
    }
    if (row && id > table->last_id)
        table->last_id = id;
    return row;
}

void leash__table_close(struct leash__table *table, void *row)
{
    struct leash__row *head = row;
    head->closed = 1;
    if (!head->dirty)
        leash_drop(table, head);
}

void leash__table_saved(struct leash__table *table)
{
    for (size_t i = 0; i < table->dirty_count; i++) {
        struct leash__row *row = table->dirty[i];
        row->dirty = 0;
        row->stored = 1;
        if (row->closed || row->patch || row->discard)
            leash_drop(table, row);
    }
    table->dirty_count = 0;
}

int leash__table_prepare(struct leash__table *table, sqlite3 *db, sqlite3_stmt **statement, const char *format)
{
    if (*statement)
        return SQLITE_OK;
    char *text = sqlite3_mprintf(format, table->kind->columns[0].name, table->kind->name, table->kind->columns[0].name);
    int rc = text ? sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    return rc;
}

int leash__table_select(struct leash__table *table, sqlite3 *db, const char *condition, sqlite3_stmt **out)
{
    *out = NULL;
    sqlite3_str *sql = sqlite3_str_new(db);
    for (size_t i = 0; i < table->kind->columns_count; i++)
        sqlite3_str_appendf(sql, "%s%s", i ? ", " : "SELECT ", table->kind->columns[i].name);
    sqlite3_str_appendf(sql, " FROM main.%s WHERE ", table->kind->name);
    sqlite3_str_appendf(sql, condition, table->kind->columns[0].name);
    sqlite3_str_appendall(sql, " ORDER BY 1");
    char *text = sqlite3_str_finish(sql);
    int rc = text ? sqlite3_prepare_v2(db, text, -1, out, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    return rc;
}

int leash__table_load_row(struct leash__table *table, sqlite3_stmt *statement, void *row)
{
    for (unsigned i = 0; i < table->texts_count; i++) {
        char **text = (char **)(void *)((char *)row + table->kind->columns[table->texts[i]].offset);
        free(*text);
        *text = NULL;
    }
    for (size_t i = 1; i < table->kind->columns_count; i++)
        if (leash__column_load(&table->kind->columns[i], row, statement, (int)i) < 0)
            return SQLITE_NOMEM;
    return SQLITE_OK;
}

static int leash_enter_row(struct leash__table *table, sqlite3_stmt *statement)
{
    uint64_t id = (uint64_t)sqlite3_column_int64(statement, 0);
    if (leash__table_find(table, id))
        return SQLITE_OK;
    struct leash__row *row = leash_enter(table, id);
    if (!row)
        return SQLITE_NOMEM;
    row->stored = 1;
    return leash__table_load_row(table, statement, row);
}

static int leash_load_rows(struct leash__table *table, sqlite3 *db)
{
    sqlite3_stmt *statement;
    int rc = leash__table_select(table, db, table->kind->open, &statement);
    if (rc != SQLITE_OK)
        return rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
        if ((rc = leash_enter_row(table, statement)) != SQLITE_OK)
            break;
    int end = sqlite3_finalize(statement);
    return rc == SQLITE_DONE ? end : rc;
}

int leash__table_load(struct leash__table *table, sqlite3 *db)
{
    if (table->kind->ids == LEASH__LISTED)
        return SQLITE_OK;
    sqlite3_stmt *statement = NULL;
    int rc = leash__table_prepare(table, db, &statement, "SELECT max(%s) FROM main.%s");
    if (rc != SQLITE_OK)
        return rc;
    if (sqlite3_step(statement) == SQLITE_ROW)
        table->last_id = (uint64_t)sqlite3_column_int64(statement, 0);
    rc = sqlite3_finalize(statement);
    return rc == SQLITE_OK && table->kind->open ? leash_load_rows(table, db) : rc;
}
