/* Searching what is shown: smart-case, so small letters find both. */
#ifndef LEASH_INSPECTOR_SEEK_H
#define LEASH_INSPECTOR_SEEK_H

#include "view.h"

struct seek {
    char *text;  /* NULL: none */
    size_t from; /* where the cursor was when it was begun */
    size_t top;
};

void seek_set(struct seek *seek, const char *text);
/* Marks what matches in a row of the screen. */
void seek_mark(const struct seek *seek, struct screen *screen, int row, int col, int cols);
/* The next row (or the one before) that matches, from `row` on and around the end; the view's number of rows: none
 * does. Of a large list only so many rows are looked at that a key is answered at once: then *more is set, and they
 * ended at the answer. */
size_t seek_find(const struct seek *seek, struct view *view, size_t row, bool forward, bool *more);
/* Does a text match? */
bool seek_matches(const struct seek *seek, const char *text);

#endif
