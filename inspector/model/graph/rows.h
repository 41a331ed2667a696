/* Rows of a forest as they are made. */
#ifndef LEASH_INSPECTOR_GRAPH_ROWS_H
#define LEASH_INSPECTOR_GRAPH_ROWS_H

#include "graph/forest.h"

struct rows {
    struct model_forest *forest;
    size_t capacity;
    size_t rows_max, children_max;
};

void rows_begin(struct rows *rows, const struct model_forest_options *options, struct model_forest *out);
/* NULL: there are as many as there may be; the forest is cut. Valid until the next one. */
struct model_row *rows_add(struct rows *rows, enum model_row_kind kind, unsigned depth);
/* "and N more" */
void rows_add_more(struct rows *rows, unsigned depth, size_t more);
/* Sets `next` of all rows, once they are there. */
void rows_finish(struct rows *rows);

#endif
