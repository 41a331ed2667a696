/* A run in which every kind of event occurs, for tests that cut it, repeat it, or disturb it. */
#ifndef LEASH_TEST_SCENARIO_H
#define LEASH_TEST_SCENARIO_H

#include "spool_maker.h"

/* Thread 1's events; ends with its loop. */
void scenario_all_kinds(struct spool_maker *maker);
/* Ids from `first` on; many tasks, some still open at the end. Any thread. */
void scenario_many(struct spool_maker *maker, uint32_t thread, uint64_t first, unsigned tasks);

#endif
