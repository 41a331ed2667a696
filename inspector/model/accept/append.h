/* Accepting one group: what would be added to a file, and the adding, as two steps, so that a person sees the line
 * first. */
#ifndef LEASH_ACCEPT_APPEND_H
#define LEASH_ACCEPT_APPEND_H

#include "accept/baseline.h"
#include "accept/suppress.h"

enum accept_into { ACCEPT_SUPPRESSION, ACCEPT_BASELINE };

/* The line that accept_append() would add, without its end: a short suppression (class:fn=...) with the reason, if one
 * is given, or the group's line of a baseline. */
void accept_line(struct buffer *out, enum accept_into into, const struct model_snapshot *snapshot,
                 const struct model_group *group, const char *reason, const struct source_options *source);
/* Adds that to a file, which is made if there is none; a baseline stays sorted. 0, or negative errno with the reason in
 * `fault`: nothing was changed then, also if the file is none of that kind. */
int accept_append(const char *path, enum accept_into into, const struct model_snapshot *snapshot,
                  const struct model_group *group, const char *reason, const struct source_options *source,
                  struct accept_fault *fault);

#endif
