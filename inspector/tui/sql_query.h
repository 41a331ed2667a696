/* A statement that the user typed, run by the worker, and the rows that came of it. */
#ifndef LEASH_INSPECTOR_SQL_QUERY_H
#define LEASH_INSPECTOR_SQL_QUERY_H

#include "arena.h"
#include "table.h"
#include "tui.h"

#define SQL_ROWS_MAX  10000
#define SQL_BYTES_MAX (32u * 1024 * 1024)

struct sql_cell {
    const char *text; /* NULL for NULL */
    bool number;
    int64_t integer; /* of an integer; else 0 */
};

struct sql_result {
    struct arena memory;
    const char *headings[TABLE_COLUMNS_MAX];
    size_t columns;
    struct sql_cell *cells; /* rows * columns */
    size_t rows, rows_capacity;
    size_t bytes;
    bool cut; /* there are more rows, or columns */
    double seconds;
    char why[512]; /* it failed; rows may be there all the same. Empty: it did not */
};
void sql_result_free(struct sql_result *result);

/* Submits the statement; done() gets the result, which is its to free, before the worker is stopped. */
void sql_query(struct tui *tui, const char *statement, void (*done)(void *owner, struct sql_result *result),
               void *owner);

/* What a row's cell stands for: by its heading ("task_id", or "subject_id" beside "subject_kind"), or as it is written
 * ("#31"). kind NONE: nothing. */
struct model_ref sql_ref(const struct sql_result *result, size_t row, size_t column);

#endif
