/* A timeline's rule and title: the same in text and in the terminal interface. */
#ifndef LEASH_INSPECTOR_TIMELINE_WORDS_H
#define LEASH_INSPECTOR_TIMELINE_WORDS_H

#include "buffer.h"
#include "timeline/timeline.h"

#define TIMELINE_TICK 10 /* columns from one to the next */

/* "0.400s .. 1.100s  10.0ms/col" */
void timeline_title(struct buffer *out, const struct model_window *window);
/* "0.4       0.5       0.6": as many as there is room for */
void timeline_labels(struct buffer *out, const struct model_window *window);
/* "+---------+---------+" */
void timeline_ticks(struct buffer *out, const struct model_window *window);
/* "= ready  # running  - waiting  ..." */
void timeline_legend(struct buffer *out);
/* "#31 worker-0" with its place in the tree before it; not yet escaped. */
void timeline_name(struct buffer *out, const struct model_lane *lane);
/* "+0.512s" as exact as a column is long. */
void timeline_instant(struct buffer *out, const struct model_window *window, int64_t at_ns);

#endif
