/* The rows of a list for a view that shows some of them and jumps between them.
 *
 * Unsorted and unfiltered, nothing is read before it is shown: pages are found by their first id. Otherwise one scan
 * makes a sorted vector of ids, and a page is read by its ids. Neither ever asks SQLite to skip rows.
 *
 * model_rows_open() may take long: it can run on a worker's thread with that thread's trace (it ends with -EINTR once
 * the trace is interrupted), and its result be handed to another thread that has its own. A rows object is used by one
 * thread at a time. It shows the ids that there were when it was made, with what their rows say now. */
#ifndef LEASH_INSPECTOR_ROWS_H
#define LEASH_INSPECTOR_ROWS_H

#include "filter/filter.h"
#include "listing.h"
#include "model.h"

struct arena;
struct model_rows;

struct model_rows_options {
    const char *what;            /* a list's name */
    const struct filter *filter; /* made for that list; NULL: all. Not needed any more after the call */
    const char *sort;            /* a column's name; NULL: the list's own order */
    bool down;                   /* ... from the largest */
    size_t limit;                /* no more rows than these first ones; 0: all. What makes `events` open at once */
};

/* What a row is: a task, coro, object, ... by its id, or of lists of other things the list's own: kind NONE and the id
 * of an await or a site, or a number made up for an event. */
typedef struct model_ref model_row_key;

/* 0; -EINVAL: no such list or column; -EINTR; -EIO. The reason is in `why`. */
int model_rows_open(struct trace *trace, const struct model_rows_options *options, struct model_rows **out, char *why,
                    size_t room);
void model_rows_free(struct model_rows *rows); /* NULL is fine */

size_t model_rows_count(const struct model_rows *rows);
/* Of all rows of the list, without filter; for "37 of 1204". Of `events` only those that were read are known. */
size_t model_rows_total(const struct model_rows *rows);
/* `limit` cut it: there are more. */
bool model_rows_cut(const struct model_rows *rows);

/* Reads rows first .. first + n - 1 of them: `columns` ("id,name,state"; NULL: the list's default ones) of each, row
 * after row, into `cells`, with texts in the arena. How many rows there were; -EINVAL, -EINTR or -EIO with the reason
 * in `why`. A row that is no longer there has cells of kind NULL. */
int model_rows_fetch(struct model_rows *rows, struct trace *trace, const char *columns, size_t first, size_t n,
                     struct arena *arena, struct model_cell *cells, char *why, size_t room);
/* What stands at a position; kind NONE and id -1 beyond the end. */
model_row_key model_rows_key(struct model_rows *rows, struct trace *trace, size_t position);
/* Where a row stands; -1: it is not among them. */
long long model_rows_find(struct model_rows *rows, struct trace *trace, model_row_key key);

#endif
