/* Which findings a filter lets pass: asked of the trace by the worker, for the Leaks view, which has only groups. */
#ifndef LEASH_INSPECTOR_LEAKS_FILTER_H
#define LEASH_INSPECTOR_LEAKS_FILTER_H

#include "view.h"

struct filter;

struct leaks_matches {
    struct model_ref *refs; /* sorted */
    size_t count;
};

/* Takes the filter over. done() gets the matches, which are its to free, or NULL and why there are none; on the owner's
 * thread, before the worker is stopped. False: there is no worker, and the filter is freed. */
bool leaks_filter_begin(struct tui *tui, struct filter *filter,
                        void (*done)(void *owner, struct leaks_matches *matches, const char *why), void *owner);
void leaks_matches_free(struct leaks_matches *matches);
/* Does a finding of the group match? */
bool leaks_match(const struct leaks_matches *matches, const struct model_group *group);

#endif
