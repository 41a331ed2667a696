/* Times as percentiles and bars. */
#ifndef LEASH_INSPECTOR_SPREAD_LINES_H
#define LEASH_INSPECTOR_SPREAD_LINES_H

#include "spread.h"
#include "styled.h"

/* "min 0.2ms  p50 81ms ...", and a line of bars. */
void spread_lines(const struct model_spread *spread, const char *label, bool ascii, struct lines *out);
/* A line a bin, with numbers. */
void spread_histogram(const struct model_spread *spread, bool ascii, struct lines *out);
/* One bar for each of `count` numbers, the largest of which is full. */
void spread_bars(const size_t *bins, size_t count, enum role role, bool ascii, struct styled *out);

#endif
