/* A cursor over rows, and columns that fit: knows neither tasks nor the screen's other parts. */
#ifndef LEASH_INSPECTOR_TABLE_H
#define LEASH_INSPECTOR_TABLE_H

#include "screen.h"
#include "styled.h"

#include <stddef.h>
#include <stdint.h>

#define TABLE_COLUMNS_MAX 32
#define TABLE_PREFIX      3 /* the cursor, the row's mark, a blank */
#define TABLE_GAP         2
#define TABLE_WANT_MAX    64 /* a cell wider than that gets no more room for it */

struct table_column {
    const char *name;    /* in menus, and for --sort: "first" */
    const char *heading; /* "FIRST SEEN" */
    const char *brief;   /* a shorter heading where it does not fit; NULL: it is cut */
    int priority;        /* 0: always shown; the highest ones are left out first */
    int width, least;    /* in columns; least 0: no less than `width` */
    int grow;            /* its share of what is left over; 0: none, and what its cells hold does not matter */
    enum align align;
    bool sortable;
    bool off; /* not shown until the user asks */
};

struct table_slot {
    int x, width; /* width 0: not shown */
};

struct table {
    const struct table_column *columns; /* the view's, columns_count of them */
    size_t columns_count;
    uint32_t hidden; /* bits: columns that the user does not want */
    uint32_t times;  /* bits: columns that show instants ... */
    int time_width;  /* ... which have at least this width, in the form that the user wants */
    size_t rows;
    size_t cursor, top; /* cursor < rows unless rows is 0 */
    int height;         /* rows of the list, as drawn last */
    int left;           /* scrolled to the right by so many columns */
    int sort;           /* a column, or -1: as they come */
    bool descending;
    uint64_t key; /* of the row at the cursor, to find it again */
    uint64_t *tags;
    size_t tags_count, tags_capacity;
    int wanted[TABLE_COLUMNS_MAX];              /* the widest cell seen of a column that grows */
    struct table_slot slots[TABLE_COLUMNS_MAX]; /* where table_fit() put each column, from the left edge on */
};

void table_open(struct table *table, const struct table_column *columns, size_t count);
void table_close(struct table *table);

/* Whether the width of cells can make a difference: there are columns to share room between. */
bool table_shares(const struct table *table);
/* A cell of that column was so wide. Columns thus only ever get wider while one moves through a list. */
void table_want(struct table *table, size_t column, int width);
/* Places the columns into `width`: those of highest priority go first, then those that stay shrink; what is left over
 * goes to those whose cells are cut, which take from those with room to spare too, and the rest is shared out. */
void table_fit(struct table *table, int width);
/* "AGE v" */
void table_heading(const struct table *table, size_t column, bool ascii, struct styled *out);

/* Draws a cell of a column where table_fit() has put it and as far as it is scrolled, in a list that begins at `col`.
 */
void table_draw(const struct table *table, size_t column, const struct styled *text, struct screen *screen, int row,
                int col, int cols);

/* There are so many rows now and so many of them fit: cursor and top stay inside, nothing empty is shown below the last
 * row while there is one above the first. */
void table_clamp(struct table *table, size_t rows, int height);
/* Moves the cursor by rows, and the top with it as far as needed. */
void table_move(struct table *table, int64_t by);
/* To a row, which then stands where the cursor stood on the screen, if it can. */
void table_go(struct table *table, size_t row);
/* Moves the top and, only as far as needed to stay visible, not the cursor. */
void table_scroll(struct table *table, int64_t by);

bool table_tagged(const struct table *table, uint64_t key);
/* Tags it, or takes its tag away. */
void table_tag(struct table *table, uint64_t key);
void table_untag_all(struct table *table);

#endif
