/* The table of sites: each has a number in this process, its strings are copied when it is first used, and it is
 * defined in every trace that uses it. Equal sites (a header's, in several units; a plugin's, loaded again) share a
 * number. */
#ifndef LEASH_RECORD_SITES_H
#define LEASH_RECORD_SITES_H

#include <event.h>

/* In a trace that is not the process's first: defines all sites that are known, whose numbers are in use already. */
void leash__sites_redefine(struct leash__events *events);

#endif
