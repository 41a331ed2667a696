/* Rows of a forest, cell by cell: the same in text and in the terminal interface. Nothing is escaped yet. */
#ifndef LEASH_INSPECTOR_TREE_CELLS_H
#define LEASH_INSPECTOR_TREE_CELLS_H

#include "buffer.h"
#include "graph/forest.h"
#include "source.h"

enum tree_column { TREE_NAME, TREE_FOR, TREE_REASON, TREE_SITE, TREE_COLUMNS };

/* "WAITER -> BLOCKER" */
const char *tree_heading(enum model_forest_by by, enum tree_column column);
/* `folded`: what is below the row is not shown. */
void tree_cell(struct buffer *out, const struct source_options *source, const struct model_row *rows, size_t index,
               bool folded, enum tree_column column);
/* "who waits for whom" */
const char *tree_title(enum model_forest_by by);
/* "12 roots, 41 edges" */
void tree_counts(struct buffer *out, const struct model_forest *forest);
/* "at +4.812s (loop stopped)" */
void tree_instant(struct buffer *out, const struct model_forest *forest);
/* "#q3 queue "jobs" would free 5 tasks" */
void tree_cause(struct buffer *out, const struct model_cause *cause);

#endif
