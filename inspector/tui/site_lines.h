/* A site's line of code with those around it, and beside each what was made there; and the stacks by which it was
 * reached. */
#ifndef LEASH_INSPECTOR_SITE_LINES_H
#define LEASH_INSPECTOR_SITE_LINES_H

#include "tui.h"
#include "styled.h"

struct site_counts;

/* The sites of a file, and what was made at each line; NULL: they cannot be read. */
struct site_counts *site_counts_of(struct tui *tui, const char *file);
void site_counts_free(struct site_counts *counts); /* NULL is fine */
const char *site_counts_file(const struct site_counts *counts);

/* `line` 0: the whole file's lines that have counts. */
void site_source(struct tui *tui, const struct model_site *site, const struct site_counts *counts, int around,
                 struct lines *out);
/* "2x pool_open < main", the most frequent ones first. */
void site_stacks(struct tui *tui, int64_t site, struct lines *out);

#endif
