/* Who waits for whom at one instant: a graph of tasks, of what they wait for, and of what that waits for in turn.
 *
 *   #7 server ──> group #q9 ──> #12 pool ──> #31 worker-0 ──> queue #q3     a task waits for one thing at a time
 *                          └──> #40 conn-1 ──> ...                          a gate (group, gather, held lock) for many
 *
 * What nothing further is waited for is a cause: an object nobody has set, a sleep, a task that could run, or a cycle
 * of tasks that wait for each other. It is loaded once and then laid out both ways by forest.h. */
#ifndef LEASH_INSPECTOR_GRAPH_H
#define LEASH_INSPECTOR_GRAPH_H

#include "model.h"

struct trace;
struct model_graph;

/* `at_ns` MODEL_NEVER: when the loops stopped; each task then stands where it stood when its own loop did.
 * 0, or -EIO with the reason in `why`. */
int model_graph_open(struct trace *trace, int64_t at_ns, struct model_graph **out, char *why, size_t room);
void model_graph_close(struct model_graph *graph);

/* The next (or previous) instant at which somebody began or ceased to wait, or a task ended. 0; -ENOENT: there is none,
 * -EIO. MODEL_NEVER stands for when the last loop stopped, in and out: what came after it is its clean-up. */
int model_graph_instant(struct trace *trace, int64_t at_ns, bool forward, int64_t *out);

#endif
