/* What record.c needs of the slow side of the hot path. */
#ifndef LEASH_RECORD_EVENTS_H
#define LEASH_RECORD_EVENTS_H

#include <event.h>

/* Hands the thread's segment over, if it has one, and takes the next. False: none to be had; nothing is counted. */
bool leash__events_next_segment(struct leash__events *events);

/* Counts something that the open trace will lack. */
void leash__events_count_dropped(void);

#endif
