/* Writing a table's new and changed rows. New rows whose ids follow the largest one of the table without a gap are
 * appended with an automatic rowid, which spares SQLite the search for a row of that id; columns that are rarely used
 * are left out where they are not. Other new rows are inserted, and merged where the database has one of that id;
 * changed rows are replaced as a whole. */
#include "known.h"

#include <stdbool.h>
#include <stdlib.h>

enum {
    APPEND_AT_LEAST = 16, /* a shorter run of dense ids is not worth a statement of its own */
    PLAIN_AT_LEAST = 32   /* nor is a shorter run of rows without rare columns */
};

/* Which columns a statement names. */
struct leash_choice {
    size_t begin;
    bool plain; /* not the rare ones */
};

/* Appends the names of the columns, or ("cN") those of the virtual table. */
static void leash_list_columns(sqlite3_str *sql, const struct leash__table_kind *kind, struct leash_choice choice,
                               bool source)
{
    const char *separator = "";
    for (size_t i = choice.begin; i < kind->columns_count; i++) {
        if (choice.plain && kind->columns[i].rare)
            continue;
        sqlite3_str_appendall(sql, separator);
        if (source)
            sqlite3_str_appendf(sql, "c%d", (int)i);
        else
            sqlite3_str_appendall(sql, kind->columns[i].name);
        separator = ", ";
    }
}

static char *leash_insert_sql(sqlite3 *db, const struct leash__table_kind *kind, const char *verb,
                              struct leash_choice choice, bool merge)
{
    sqlite3_str *sql = sqlite3_str_new(db);
    sqlite3_str_appendf(sql, "%s INTO main.%s(", verb, kind->name);
    leash_list_columns(sql, kind, choice, false);
    sqlite3_str_appendall(sql, ") SELECT ");
    leash_list_columns(sql, kind, choice, true);
    sqlite3_str_appendall(sql, " FROM leash_rows WHERE true");
    if (merge) {
        const char *id = kind->columns[0].name;
        sqlite3_str_appendf(sql, " ON CONFLICT(%s) DO UPDATE SET %s = %s", id, id, id);
        for (size_t i = 1; i < kind->columns_count; i++)
            leash__column_merge_sql(&kind->columns[i], sql);
    }
    return sqlite3_str_finish(sql);
}

/* Runs a statement, preparing it (from text, which is freed) if need be. */
static int leash_run(sqlite3 *db, sqlite3_stmt **statement, char *text)
{
    int rc = SQLITE_OK;
    if (!*statement)
        rc = text ? sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) : SQLITE_NOMEM;
    sqlite3_free(text);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_step(*statement);
    return sqlite3_reset(*statement);
}

static void leash_feed(struct leash__source *source, void **rows, size_t count)
{
    source->rows = rows;
    source->count = count;
}

static int leash_append(struct leash__table *table, sqlite3 *db, bool plain)
{
    sqlite3_stmt **statement = &table->append[plain];
    const struct leash_choice choice = {1, plain};
    return leash_run(db, statement, *statement ? NULL : leash_insert_sql(db, table->kind, "INSERT", choice, false));
}

static int leash_insert(struct leash__table *table, sqlite3 *db, bool plain)
{
    sqlite3_stmt **statement = &table->insert[plain];
    const struct leash_choice choice = {0, plain};
    const bool listed = table->kind->ids == LEASH__LISTED;
    const char *verb = listed ? "INSERT OR IGNORE" : "INSERT";
    return leash_run(db, statement, *statement ? NULL : leash_insert_sql(db, table->kind, verb, choice, !listed));
}

static int leash_replace(struct leash__table *table, sqlite3 *db, bool plain)
{
    sqlite3_stmt **statement = &table->replace[plain];
    const struct leash_choice choice = {0, plain};
    return leash_run(db, statement, *statement ? NULL : leash_insert_sql(db, table->kind, "REPLACE", choice, false));
}

static int leash_by_id(const void *a, const void *b)
{
    uint64_t x = (*(const struct leash__row *const *)a)->id, y = (*(const struct leash__row *const *)b)->id;
    return x < y ? -1 : x > y;
}

/* Ids mostly come in order. */
static void leash_sort(void **rows, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (leash_by_id(&rows[i - 1], &rows[i]) > 0) {
            qsort(rows, count, sizeof(*rows), leash_by_id);
            return;
        }
}

static int leash_max_id(struct leash__table *table, sqlite3 *db, uint64_t *out)
{
    int rc = leash__table_prepare(table, db, &table->max, "SELECT max(%s) FROM main.%s");
    if (rc != SQLITE_OK)
        return rc;
    *out = sqlite3_step(table->max) == SQLITE_ROW ? (uint64_t)sqlite3_column_int64(table->max, 0) : 0;
    return sqlite3_reset(table->max);
}

static uint64_t leash_id(void *row)
{
    return ((const struct leash__row *)row)->id;
}

static size_t leash_dense(void **rows, size_t count)
{
    size_t n = 1;
    while (n < count && leash_id(rows[n]) == leash_id(rows[n - 1]) + 1)
        n++;
    return n;
}

/* The number of rows at the beginning that have no use for rare columns. */
static size_t leash_plain(const struct leash__table *table, void **rows, size_t count)
{
    for (size_t n = 0; n < count; n++)
        for (unsigned i = 0; i < table->rare_count; i++)
            if (!leash__column_is_zero(&table->kind->columns[table->rare[i]], rows[n]))
                return n;
    return count;
}

/* How many of the rows, whose ids are dense, the next statement appends; *plain: one without rare columns. */
static size_t leash_part(const struct leash__table *table, void **rows, size_t count, bool *plain)
{
    size_t n = leash_plain(table, rows, count);
    *plain = n >= PLAIN_AT_LEAST;
    while (!*plain && n < count) {
        const size_t run = leash_plain(table, rows + n, count - n);
        if (run >= PLAIN_AT_LEAST)
            break;
        n += run + (n + run < count);
    }
    return n;
}

/* Inserts rows of any ids, above and below `max`. */
static int leash_insert_any(struct leash__table *table, sqlite3 *db, void **rows, size_t count, uint64_t max)
{
    int rc = SQLITE_OK;
    bool known = false;
    for (size_t i = 0; rc == SQLITE_OK && i < count && leash_id(rows[i]) <= max;) {
        const size_t n = leash_dense(rows + i, count - i);
        rc = leash__known_mark(table, db, rows + i, n, &known);
        i += n;
    }
    if (rc == SQLITE_OK)
        rc = leash_insert(table, db, leash_plain(table, rows, count) == count);
    return rc == SQLITE_OK && known ? leash__known_reload(table, db, rows, count) : rc;
}

/* Rows are sorted and new. */
static int leash_write_new(struct leash__table *table, sqlite3 *db, struct leash__source *source, void **rows,
                           size_t count)
{
    uint64_t max;
    int rc = leash_max_id(table, db, &max);
    while (rc == SQLITE_OK && count) {
        size_t n = leash_dense(rows, count);
        bool plain = false, append = leash_id(rows[0]) == max + 1 && (n >= APPEND_AT_LEAST || n == count);
        if (append)
            n = leash_part(table, rows, n, &plain);
        while (!append && n < count && leash_dense(rows + n, count - n) < APPEND_AT_LEAST)
            n += leash_dense(rows + n, count - n);
        leash_feed(source, rows, n);
        rc = append ? leash_append(table, db, plain) : leash_insert_any(table, db, rows, n, max);
        if (leash_id(rows[n - 1]) > max)
            max = leash_id(rows[n - 1]);
        rows += n;
        count -= n;
    }
    return rc;
}

/* Rows are sorted and stored. Those that a statement without rare columns will do for come first. */
static int leash_write_changed(struct leash__table *table, sqlite3 *db, struct leash__source *source, void **rows,
                               size_t count)
{
    void **part = malloc(count * sizeof(*part));
    if (!part)
        return SQLITE_NOMEM;
    int rc = SQLITE_OK;
    for (int plain = 1; rc == SQLITE_OK && plain >= 0; plain--) {
        size_t n = 0;
        for (size_t i = 0; i < count; i++)
            if (leash_plain(table, &rows[i], 1) == (size_t)plain)
                part[n++] = rows[i];
        leash_feed(source, part, n);
        if (n)
            rc = leash_replace(table, db, plain);
    }
    free(part);
    return rc;
}

/* Copies the rows to write that are stored already, or those that are not. */
static size_t leash_pick(const struct leash__table *table, int stored, void **out)
{
    size_t count = 0;
    for (size_t i = 0; i < table->dirty_count; i++) {
        const struct leash__row *row = table->dirty[i];
        if (!row->discard && row->stored == stored)
            out[count++] = table->dirty[i];
    }
    leash_sort(out, count);
    return count;
}

int leash__table_flush(struct leash__table *table, sqlite3 *db, struct leash__source *source)
{
    if (!table->dirty_count)
        return SQLITE_OK;
    void **rows = malloc(table->dirty_count * sizeof(*rows));
    if (!rows)
        return SQLITE_NOMEM;
    size_t fresh = leash_pick(table, 0, rows);
    void **old = rows + fresh;
    size_t changed = leash_pick(table, 1, old);
    source->columns = table->kind->columns;
    source->columns_count = (int)table->kind->columns_count;
    int rc = SQLITE_OK;
    if (fresh && table->kind->ids == LEASH__LISTED) {
        leash_feed(source, rows, fresh);
        rc = leash_insert(table, db, false);
    } else if (fresh) {
        rc = leash_write_new(table, db, source, rows, fresh);
    }
    if (rc == SQLITE_OK && changed)
        rc = leash_write_changed(table, db, source, old, changed);
    leash_feed(source, NULL, 0);
    free(rows);
    return rc;
}
