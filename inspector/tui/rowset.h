/* The rows of a list of the trace, for a view that shows one: which there are comes from the worker where that takes
 * time, and what is visible is read as it is drawn. Until the worker answers the view shows what it had. */
#ifndef LEASH_INSPECTOR_ROWSET_H
#define LEASH_INSPECTOR_ROWSET_H

#include "arena.h"
#include "rows.h"
#include "view.h"

struct rowset_job;

struct rowset {
    struct view *view;
    const char *what;    /* a list of the model */
    const char *columns; /* those of the list that are read of each row: "id,name" */
    size_t width;        /* how many these are */
    size_t limit;        /* no more rows than these first, while there is neither filter nor sort; 0: all */
    size_t at_once;      /* rows that are read at once; set by open, may be made less where a row is dear */
    bool all;            /* ... but all of them were asked for since, by rowset_read_all() */

    struct model_rows *rows;            /* NULL until the first reload */
    struct filter *filter;              /* that they passed; NULL: none */
    int sort;                           /* that they are in: of the table's columns, -1: as they come */
    bool descending;                    /* ... */
    struct rowset_job *job;             /* that makes others; NULL: none */
    struct model_ref wanted;            /* to be selected when it is done; kind NONE: the row that was */
    void (*changed)(struct view *view); /* other rows are there; may be NULL */

    char *sql; /* what rowset_open_sql() opened last */

    struct {
        size_t first, count; /* rows that were read */
        struct arena memory;
        struct model_cell *cells;
    } page;
};

void rowset_open(struct rowset *set, struct view *view, const char *what, const char *columns);
void rowset_close(struct rowset *set);
/* For reload of a view: takes the view's filter, and `sort`, a column of the list or NULL. 0, or -EINVAL with what is
 * wrong in view->wrong. */
int rowset_reload(struct rowset *set, const char *sort, const struct view_args *args);

/* There are more rows than `limit`. */
bool rowset_is_cut(const struct rowset *set);
/* Reads all, and then goes to the last one. */
void rowset_read_all(struct rowset *set);

/* The cells of a row, `width` of them, valid until another row far away is asked for. Never NULL. */
const struct model_cell *rowset_cells(struct rowset *set, size_t row);
/* The text of a cell, "" if there is none; the number, MODEL_NEVER if there is none. */
const char *rowset_text(const struct model_cell *cell);
int64_t rowset_number(const struct model_cell *cell);
/* "#31", "#c5": the subject that a cell names; kind NONE: none. */
struct model_ref rowset_ref(const struct model_cell *cell);
/* A place, of the columns "file", "line" and "func". */
struct model_site rowset_site(const struct model_cell *file, const struct model_cell *line,
                              const struct model_cell *func);
/* A dash where it was not recorded. */
void rowset_add_duration(const struct model_cell *cell, bool ascii, struct styled *out);

uint64_t rowset_key(struct rowset *set, size_t row);
size_t rowset_find(struct rowset *set, struct model_ref ref);

/* For narrow of a view: of number `read` of the columns that are read, which is called `column` in the list. */
char *rowset_narrow(struct rowset *set, size_t row, size_t read, const char *column, bool without);

/* For ACTION_SQL: the SQL view, with a statement that makes these rows. NONE: there is no filter, or one was typed. */
struct effect rowset_open_sql(struct rowset *set, const char *argument);

/* For a view whose data begins with a rowset: the cells of a row, and what stands in its table of functions. */
const struct model_cell *rowset_view_cells(struct view *view, size_t row);
size_t rowset_view_find_key(struct view *view, uint64_t key);
/* "37 of 1204"; and why there are none. */
void rowset_view_counts(struct view *view, struct styled *out);
void rowset_view_empty(struct view *view, int width, struct lines *out);

#endif
