/* Searches that a process of its own makes (looker.h). */
#ifndef LEASH_WATCH_AWAY_H
#define LEASH_WATCH_AWAY_H

#include "search.h"

/* Each 0, then the answer is filled; else nothing of it was touched: -EBUSY (there was nothing to be seen, another try
 * may do), or the errno of what could not be done. */

/* At the memory itself. Nobody else runs that changes what counts. */
int leash__search_beside(struct leash__order *order, struct leash__answer *answer);
/* In a snapshot; the other threads stand still only while it is made. */
int leash__search_snapshot(struct leash__order *order, struct leash__answer *answer);

/* ---- one whose answer is fetched later, while the program runs on ---- */

/* Whether that is the shorter pause: where there is much to search beside the stacks of tasks, whose many small
 * mappings a fork copies one by one. Not where the last one failed. */
bool leash__search_later_pays(const struct leash__scan_request *request);
/* 0: *out is to be fetched or dropped. */
int leash__search_later(struct leash__order *order, struct leash__scan_later **out);
/* -EAGAIN: not yet. Else *later is freed. */
int leash__search_fetch(struct leash__scan_later *later, struct leash__answer *answer);
/* Ends it unanswered. NULL is fine. */
void leash__search_drop(struct leash__scan_later *later);

#endif
