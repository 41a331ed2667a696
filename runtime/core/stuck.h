/* Who can never go on by itself: a task whose wait needs others that can not. Of AND-OR graphs (Knapp, "Deadlock
 * Detection in Distributed Databases", ACM Computing Surveys 19(4), 1987): what can go on is found first, from those
 * who need nobody on; what is left waits for each other, or behind such. */
#ifndef LEASH_CORE_STUCK_H
#define LEASH_CORE_STUCK_H

#include "wait_graph.h"

struct leash__stuck {
    struct leash__wait_graph graph; /* of tasks whose wait may need others, and whom it needs */
    size_t visited;                 /* tasks that were looked at */
};

/* A look at all tasks of the loop. `standing`: as of struct leash__needs. 0; -ENOMEM: nothing is known. */
int leash__stuck_look(struct leash__stuck *stuck, struct leash__loop *loop, bool standing);
void leash__stuck_free(struct leash__stuck *stuck);
/* How many tasks are stuck. */
size_t leash__stuck_count(const struct leash__stuck *stuck);
/* Of what was found those are free that a time limit will cancel: theirs, or that of one who is cancelled first. 0;
 * -ENOMEM: not all could be followed, and nobody may be accused. */
int leash__stuck_heed_limits(struct leash__stuck *stuck);
/* The stuck task that this one waits for, one of them if there are several, and always the same; NULL: it is not stuck.
 * Limits are heeded before that. Asking costs as much as it waits for only once: whoever waits for many may be asked by
 * each of them. */
struct leash__task *leash__stuck_next(const struct leash__stuck *stuck, const struct leash__task *task);
/* Whether a shield may be between them: leash__stuck_next was asked. */
bool leash__stuck_by_shield(const struct leash__stuck *stuck, const struct leash__task *task);

/* For a walk along these: a number for each, 0 at first. */
uint32_t *leash__stuck_note(const struct leash__stuck *stuck, const struct leash__task *task);

#endif
