/* Between the loading of a trace and what the user accepts: findings are matched before they are grouped, so that a
 * group is of one mind. */
#ifndef LEASH_ACCEPT_ACCEPT_H
#define LEASH_ACCEPT_ACCEPT_H

#include "accept/suppress.h"
#include "loader.h"

struct pattern;

/* A trace is about to be loaded; `recorded`: the patterns that its program left in it, or NULL. */
int accept_begin(struct suppressions *list, const struct accept_text *recorded, struct accept_fault *fault);
/* Sets `accepted` of every finding that an entry matches. Sorted by place they are matched faster. */
void accept_findings(struct suppressions *list, const struct source_options *source, struct loader *loader,
                     struct findings *findings);
/* Its place in the order in which entries are tried, from 1; 0 for NULL. */
int64_t accept_order(const struct pattern *pattern);
/* An entry's text, and where it stands. NULL for NULL. */
const char *accept_pattern(const struct pattern *pattern);
const char *accept_place(const struct pattern *pattern);

#endif
