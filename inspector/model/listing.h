/* Tables: the rows of `list` and of `sql`, one after the other, never all at once. */
#ifndef LEASH_INSPECTOR_LISTING_H
#define LEASH_INSPECTOR_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace;
struct model_table;
struct filter;

enum model_cell_kind { MODEL_CELL_NULL, MODEL_CELL_INTEGER, MODEL_CELL_REAL, MODEL_CELL_TEXT, MODEL_CELL_BLOB };
enum model_unit { MODEL_PLAIN, MODEL_TIME, MODEL_DURATION };

struct model_cell {
    enum model_cell_kind kind;
    int64_t integer;
    double real;
    const char *text; /* of a text or a blob; valid until the next call */
    size_t length;
};

struct model_list_options {
    const char *columns;         /* "id,name"; NULL: the list's default ones */
    const char *sort;            /* a column's name, with '-' before it downwards; NULL: by id */
    int64_t limit;               /* negative: all */
    const struct filter *filter; /* made for this list; outlives the table; NULL: all */
};

/* `what`: tasks, coros, awaits, events, sites, functions, files, stacks, leaks, objects. -EINVAL: unknown list, column
 * or sort, with the reason in `why`. */
int model_list_open(struct trace *trace, const char *what, const struct model_list_options *options,
                    struct model_table **out, char *why, size_t room);
/* A statement that makes the same rows of a list, for a user to see and to change: to be freed. NULL: no such list. */
char *model_list_sql(struct trace *trace, const char *what, const struct filter *filter);
/* Rows of a statement that a user typed. */
int model_sql_open(struct trace *trace, const char *sql, struct model_table **out, char *why, size_t room);
void model_table_close(struct model_table *table);

size_t model_table_columns(const struct model_table *table);
const char *model_table_heading(const struct model_table *table, size_t column);
enum model_unit model_table_unit(const struct model_table *table, size_t column);
/* Runs until there is a first row, which model_table_next() then answers with at once: for who wants to do something
 * else before rows come. */
void model_table_begin(struct model_table *table);
/* 1: a row; 0: no more; -EIO: model_table_failure() tells why. */
int model_table_next(struct model_table *table);
/* So many rows there were, up to now. */
int64_t model_table_rows(const struct model_table *table);
struct model_cell model_table_cell(struct model_table *table, size_t column);
const char *model_table_failure(const struct model_table *table);

/* How many rows a list has, without any filter; 0 if that cannot be read. */
int64_t model_list_total(struct trace *trace, const char *what);
/* The lists' names, and the columns of each, for help texts: NULL after the last. */
const char *model_list_name(size_t index);
const char *model_list_column(const char *what, size_t index);

#endif
