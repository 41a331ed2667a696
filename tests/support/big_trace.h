/* A trace as large as one likes, as a program would have left it: its events are made up here and folded by the fold
 * itself, so that totals, statistics, indexes and findings are the writer's own. The same size gives the same trace.
 *
 * A server: connections follow each other in LANES lanes; each is a task that spawns requests and awaits them, one
 * after the other. A request sleeps, or runs a coroutine inline, or takes a lock; one in 100 fails. */
#ifndef LEASH_BIG_TRACE_H
#define LEASH_BIG_TRACE_H

#include <stdint.h>

/* Leaks of `tasks`: a seventh of each class, and a seventh of victims, all told one in BIG_TRACE_LEAKY. */
#define BIG_TRACE_LEAKY 2000

/* Writes a trace of `tasks` tasks and about as many awaits to `path`, in place of what is there. Aborts on a failure.
 */
void big_trace_make(const char *path, uint64_t tasks);

#endif
