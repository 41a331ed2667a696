#include "tables.h"
#include "alloc.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- learning ---- */

static enum format_type type_of(const char *declared)
{
    return strcmp(declared, "INTEGER") == 0 ? FORMAT_INTEGER
           : strcmp(declared, "TEXT") == 0  ? FORMAT_TEXT
                                            : FORMAT_NULL;
}

static int learn_columns(struct table *table, sqlite3 *db)
{
    sqlite3_stmt *row;
    char *sql = sqlite3_mprintf("PRAGMA table_info(%Q)", table->name);
    int rc = sql ? sqlite3_prepare_v2(db, sql, -1, &row, NULL) : SQLITE_NOMEM, keys = 0, key = -1;
    sqlite3_free(sql);
    if (rc != SQLITE_OK)
        return -EIO;
    while (sqlite3_step(row) == SQLITE_ROW && table->columns_count < FORMAT_COLUMNS) {
        size_t at = table->columns_count++;
        table->columns[at] = (struct tables_column){.name = xstrdup((const char *)sqlite3_column_text(row, 1)),
                                                    .type = type_of((const char *)sqlite3_column_text(row, 2)),
                                                    .required = sqlite3_column_int(row, 3)};
        if (sqlite3_column_int(row, 5)) {
            keys++;
            key = (int)at;
        }
        table->map[at] = (int)at;
    }
    sqlite3_finalize(row);
    table->record_columns = table->columns_count;
    if (!table->keyed && keys == 1 && table->columns[key].type == FORMAT_INTEGER)
        table->alias = key;
    return 0;
}

static int prepare_insert(struct table *table, sqlite3 *db)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    sqlite3_str_appendf(sql, "INSERT OR %s INTO main.\"%w\"(", table->given ? "REPLACE" : "IGNORE", table->name);
    for (size_t i = 0; i < table->columns_count; i++)
        sqlite3_str_appendf(sql, "%s\"%w\"", i ? ", " : "", table->columns[i].name);
    sqlite3_str_appendall(sql, ") VALUES(");
    for (size_t i = 0; i < table->columns_count; i++) {
        /* NULL where a required column is not in the record: an older trace's. Its default is 0. */
        bool number = table->columns[i].required && table->columns[i].type == FORMAT_INTEGER;
        sqlite3_str_appendf(sql, number ? "%scoalesce(?%d, 0)" : "%s?%d", i ? ", " : "", (int)i + 1);
    }
    sqlite3_str_appendall(sql, ")");
    char *text = sqlite3_str_finish(sql);
    int rc = text ? sqlite3_prepare_v2(db, text, -1, &table->insert, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    return rc == SQLITE_OK ? 0 : -EIO;
}

static bool has_rowid(sqlite3 *db, const char *name)
{
    sqlite3_stmt *row = NULL;
    char *sql = sqlite3_mprintf("SELECT rowid FROM main.\"%w\"", name);
    bool has = sql && sqlite3_prepare_v2(db, sql, -1, &row, NULL) == SQLITE_OK;
    sqlite3_finalize(row);
    sqlite3_free(sql);
    return has;
}

int tables_learn(struct tables *tables, sqlite3 *db)
{
    sqlite3_stmt *row;
    int rc = 0;
    *tables = (struct tables){0};
    if (sqlite3_prepare_v2(db, "SELECT name, rootpage FROM main.sqlite_schema WHERE type = 'table' ORDER BY rootpage",
                           -1, &row, NULL) != SQLITE_OK)
        return -EIO;
    while (rc == 0 && sqlite3_step(row) == SQLITE_ROW) {
        X_GROW(tables->items, tables->count, tables->capacity);
        struct table *table = &tables->items[tables->count++];
        *table = (struct table){.name = xstrdup((const char *)sqlite3_column_text(row, 0)),
                                .root = (uint32_t)sqlite3_column_int64(row, 1),
                                .alias = -1};
        table->keyed = !has_rowid(db, table->name);
        table->given = strcmp(table->name, "meta") == 0 || strcmp(table->name, "errno") == 0;
        table->derived = strcmp(table->name, "finding") == 0;
        rc = learn_columns(table, db);
        rc = rc ? rc : prepare_insert(table, db);
    }
    sqlite3_finalize(row);
    return rc;
}

void tables_free(struct tables *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        struct table *table = &tables->items[i];
        sqlite3_finalize(table->insert);
        for (size_t j = 0; j < table->columns_count; j++)
            free(table->columns[j].name);
        free(table->name);
    }
    free(tables->items);
}

struct table *tables_named(const struct tables *tables, const char *name, size_t length)
{
    for (size_t i = 0; i < tables->count; i++)
        if (strlen(tables->items[i].name) == length && memcmp(tables->items[i].name, name, length) == 0)
            return &tables->items[i];
    return NULL;
}

/* ---- another version's columns ---- */

/* Past white space and comments. */
static const char *skip_space(const char *at, const char *end)
{
    while (at < end) {
        if (isspace((unsigned char)*at))
            at++;
        else if (end - at >= 2 && at[0] == '-' && at[1] == '-')
            while (at < end && *at != '\n')
                at++;
        else
            break;
    }
    return at;
}

/* To the comma or the parenthesis that ends a column. */
static const char *skip_column(const char *at, const char *end)
{
    int depth = 0;
    for (at = skip_space(at, end); at < end; at = skip_space(at + 1, end)) {
        if (depth == 0 && (*at == ',' || *at == ')'))
            break;
        depth += (*at == '(') - (*at == ')');
    }
    return at;
}

static int column_named(const struct table *table, const char *name, size_t length)
{
    for (size_t i = 0; i < table->columns_count; i++)
        if (strlen(table->columns[i].name) == length && strncasecmp(table->columns[i].name, name, length) == 0)
            return (int)i;
    return -1;
}

void table_map(struct table *table, const char *sql, size_t length)
{
    const char *end = sql + length, *at = memchr(sql, '(', length);
    int map[FORMAT_COLUMNS];
    size_t count = 0, known = 0;
    while (at && at < end && *at != ')' && count < FORMAT_COLUMNS) {
        const char *name = skip_space(at + 1, end), *after = name;
        while (after < end && (isalnum((unsigned char)*after) || *after == '_'))
            after++;
        at = skip_column(after, end);
        bool is_key = after - name == 7 && strncasecmp(name, "PRIMARY", 7) == 0;
        if (is_key)
            continue;
        if (after == name)
            return; /* a damaged text, of which columns are missing: our own order is the better guess */
        map[count] = column_named(table, name, (size_t)(after - name));
        known += map[count++] >= 0;
    }
    if (known == 0 || at >= end)
        return; /* no CREATE TABLE of it */
    memcpy(table->map, map, count * sizeof *map);
    table->record_columns = count;
}

/* ---- rows ---- */

static bool value_fits(const struct table *table, int column, const struct format_value *value)
{
    if (column < 0)
        return true;
    if (column == table->alias)
        return value->type == FORMAT_NULL;
    const struct tables_column *known = &table->columns[column];
    if (value->type == FORMAT_NULL)
        return !known->required;
    return known->type == FORMAT_NULL || known->type == value->type;
}

bool table_fits(const struct table *table, const struct format_value *values, size_t count)
{
    if (count != table->record_columns)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!value_fits(table, table->map[i], &values[i]))
            return false;
    return true;
}

static void bind(sqlite3_stmt *insert, int parameter, const struct format_value *value)
{
    switch (value->type) {
    case FORMAT_NULL:
        sqlite3_bind_null(insert, parameter);
        break;
    case FORMAT_INTEGER:
        sqlite3_bind_int64(insert, parameter, value->integer);
        break;
    case FORMAT_REAL:
        sqlite3_bind_double(insert, parameter, value->real);
        break;
    case FORMAT_TEXT:
        sqlite3_bind_text(insert, parameter, (const char *)value->bytes, (int)value->length, SQLITE_STATIC);
        break;
    case FORMAT_BLOB:
        sqlite3_bind_blob(insert, parameter, value->bytes, (int)value->length, SQLITE_STATIC);
        break;
    }
}

int table_insert(struct table *table, int64_t rowid, const struct format_value *values, size_t count)
{
    sqlite3_clear_bindings(table->insert);
    for (size_t i = 0; i < count && i < table->record_columns; i++)
        if (table->map[i] >= 0)
            bind(table->insert, table->map[i] + 1, &values[i]);
    if (table->alias >= 0)
        sqlite3_bind_int64(table->insert, table->alias + 1, rowid);
    int rc = sqlite3_step(table->insert);
    sqlite3_reset(table->insert);
    if (rc != SQLITE_DONE)
        return -EIO;
    table->saved += sqlite3_changes(sqlite3_db_handle(table->insert));
    if (rowid > table->last_id)
        table->last_id = rowid;
    return 0;
}
