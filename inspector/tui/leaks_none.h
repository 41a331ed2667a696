/* The Leaks view of a trace in which there are none. */
#ifndef LEASH_INSPECTOR_LEAKS_NONE_H
#define LEASH_INSPECTOR_LEAKS_NONE_H

#include "styled.h"
#include "summary.h"
#include "tui.h"

/* Has the run summed up by the worker, for a trace that is finished: its snapshot stays. done() takes the summary over,
 * on the owner's thread, before the worker is stopped; NULL: it could not be made. */
void leaks_none_begin(struct tui *tui, void (*done)(void *owner, struct model_summary *summary), void *owner);
/* `summary` NULL: it is not known. */
void leaks_none(struct tui *tui, const struct model_summary *summary, size_t suppressed, struct lines *out);

#endif
