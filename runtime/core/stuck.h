/* Who can never go on by itself: a task whose wait needs others that can not. Of AND-OR graphs (Knapp, "Deadlock
 * Detection in Distributed Databases", ACM Computing Surveys 19(4), 1987): what can go on is found first, from those
 * who need nobody on; what is left waits for each other, or behind such. */
#ifndef LEASH_CORE_STUCK_H
#define LEASH_CORE_STUCK_H

#include "types.h"

struct leash__stuck_node;
struct leash__stuck_edge;

struct leash__stuck {
    struct leash__loop *loop;
    uint64_t base; /* cells of these nodes are marked base + 1, ... in their order */
    struct leash__stuck_node *nodes;
    size_t count, room;
    struct leash__stuck_edge *edges;
    size_t edges_count, edges_room;
    uint32_t *queue; /* nodes that can go on, and whose waiters have yet to hear of it */
    size_t queued;
    size_t visited; /* tasks that were looked at */
    bool no_memory;
};

/* A look at all tasks of the loop. `standing`: as of struct leash__needs. 0; -ENOMEM: nothing is known. */
int leash__stuck_look(struct leash__stuck *stuck, struct leash__loop *loop, bool standing);
void leash__stuck_free(struct leash__stuck *stuck);
/* How many tasks are stuck. */
size_t leash__stuck_count(const struct leash__stuck *stuck);
/* Of what was found those are free that a time limit will cancel: theirs, or that of one who is cancelled first. */
void leash__stuck_heed_limits(struct leash__stuck *stuck);
/* The stuck task that this one waits for, one of them if there are several; NULL: it is not stuck. */
struct leash__task *leash__stuck_next(const struct leash__stuck *stuck, const struct leash__task *task);

/* For a walk along these: all tasks that were looked at, and a number for each, 0 at first. */
struct leash__task *leash__stuck_task(const struct leash__stuck *stuck, size_t index);
uint32_t *leash__stuck_note(struct leash__stuck *stuck, const struct leash__task *task);

#endif
