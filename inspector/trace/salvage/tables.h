/* The tables that a trace has, learnt from an empty one, and what was saved of each. */
#ifndef LEASH_INSPECTOR_TABLES_H
#define LEASH_INSPECTOR_TABLES_H

#include "format.h"

#include <sqlite3.h>

struct tables_column {
    char *name;
    enum format_type type; /* INTEGER or TEXT; NULL: any */
    bool required;         /* NOT NULL */
};

struct table {
    char *name;
    struct tables_column columns[FORMAT_COLUMNS];
    size_t columns_count;
    int alias;     /* which column is another name of the rowid, and stored as NULL; -1: none */
    bool keyed;    /* WITHOUT ROWID: in index pages */
    bool given;    /* an empty trace has rows of it: its maker's words, which the damaged one's replace */
    bool derived;  /* is made anew from the others: its rows are read, but not put in */
    uint32_t root; /* its first page: in a trace that was just made, until the damaged one's own is known */
    bool rooted;   /* the damaged trace told its root */
    /* What a record of the damaged trace holds: its column i is our column map[i], -1: one that we do not know. */
    int map[FORMAT_COLUMNS];
    size_t record_columns;
    sqlite3_stmt *insert; /* parameter i+1 is our column i */

    int64_t saved;   /* rows */
    int64_t damaged; /* cells that hold no row of it */
    int64_t missing; /* pages that its tree names and that are not there, or not its */
    int64_t found;   /* pages that no tree led to, known by the shape of their rows */
    int64_t last_id;
};

struct tables {
    struct table *items;
    size_t count, capacity;
};

/* Learns the tables of `db`, a trace that was just made. 0, -EIO or -ENOMEM. */
int tables_learn(struct tables *tables, sqlite3 *db);
void tables_free(struct tables *tables);
struct table *tables_named(const struct tables *tables, const char *name, size_t length);
/* The columns' order of a CREATE TABLE, which may be an older or newer version's. */
void table_map(struct table *table, const char *sql, size_t length);
/* Does a record look like a row of it? */
bool table_fits(const struct table *table, const struct format_value *values, size_t count);
/* Puts a row in, unless there is one of that key. 0 or -EIO. */
int table_insert(struct table *table, int64_t rowid, const struct format_value *values, size_t count);

#endif
