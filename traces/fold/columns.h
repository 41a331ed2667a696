/* Columns: how a field of a row in memory stands in a table, told once. The SQL, the virtual table and the reload are
 * all made from these descriptions. */
#ifndef LEASH_FOLD_COLUMNS_H
#define LEASH_FOLD_COLUMNS_H

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

enum leash__column_type {
    LEASH__ID,    /* uint64_t, 0 is NULL */
    LEASH__ID32,  /* uint32_t, 0 is NULL */
    LEASH__COUNT, /* uint64_t, never NULL */
    LEASH__OPT,   /* int64_t made by leash__opt, 0 is NULL */
    LEASH__FLAG,  /* uint8_t, never NULL */
    LEASH__WORD,  /* uint8_t, an index into `words`; a NULL word is NULL */
    LEASH__TEXT   /* char *, the row owns it; NULL is NULL */
};

/* What becomes of a column when a row meets one of the same id that the database has already. */
enum leash__column_merge {
    LEASH__KEEP,  /* the old value, unless it is NULL */
    LEASH__LAST,  /* the new value, unless it is NULL */
    LEASH__OR,    /* the bits of both */
    LEASH__SUM,   /* both, NULL counts as nothing */
    LEASH__STATE, /* the new value, unless the old row has ended (column ended_ns) */
};

struct leash__column {
    const char *name;
    enum leash__column_type type;
    enum leash__column_merge merge;
    uint8_t rare; /* mostly zero, which is what the table has by default: may be left out of an INSERT */
    size_t offset;
    const char *const *words; /* type WORD */
    size_t words_count;
};

/* A value that may be missing: 0 is "not known", else the number, moved one bit up. Numbers keep 62 bits. */
static inline int64_t leash__opt(int64_t value)
{
    return (int64_t)((uint64_t)value << 1 | 1);
}

static inline int64_t leash__opt_value(int64_t opt)
{
    return opt >> 1;
}

/* A rare column is zero in this row. */
static inline int leash__column_is_zero(const struct leash__column *column, const void *row)
{
    const char *field = (const char *)row + column->offset;
    switch (column->type) {
    case LEASH__ID32:
        return *(const uint32_t *)(const void *)field == 0;
    case LEASH__FLAG:
    case LEASH__WORD:
        return *field == 0;
    default:
        return *(const uint64_t *)(const void *)field == 0; /* a pointer too: its size is asserted in columns.c */
    }
}

/* Answers a query for the column of the row. */
void leash__column_result(const struct leash__column *column, const void *row, sqlite3_context *context);
/* Fills the field in from column `index` of a statement's row. 0, -ENOMEM. What does not fit becomes NULL. */
int leash__column_load(const struct leash__column *column, void *row, sqlite3_stmt *statement, int index);
/* Appends ", name = how it merges" for an ON CONFLICT clause. */
void leash__column_merge_sql(const struct leash__column *column, sqlite3_str *sql);

#endif
