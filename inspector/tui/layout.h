/* Which part of the screen stands where, from nothing but sizes. */
#ifndef LEASH_INSPECTOR_LAYOUT_H
#define LEASH_INSPECTOR_LAYOUT_H

#include <stdbool.h>

#define SMALL_ROWS 16 /* with less there are no crumbs, and no detail beside the list */
#define SMALL_COLS 60

struct rect {
    int row, col, rows, cols; /* rows or cols 0: not shown */
};

enum layout_pane { LAYOUT_BOTH, LAYOUT_LIST, LAYOUT_DETAIL };

struct layout_wants {
    enum layout_pane pane; /* in full size */
    int above, below;      /* rows of the view's own around the list */
    bool header;
    int detail; /* its rows, always below the list, which takes the rest; 0: as all details */
    int list;   /* rows of the list, if it is short: the detail takes what it leaves */
};

/* A row of -1: not shown. */
struct layout {
    bool tiny; /* one line that says so, and nothing else */
    bool side; /* list and detail side by side, with a wall at column `wall` */
    int tabs, crumb, status, hints, header, rule, wall;
    struct rect above, list, below, detail;
};

void layout_make(int rows, int cols, const struct layout_wants *wants, struct layout *out);

#endif
