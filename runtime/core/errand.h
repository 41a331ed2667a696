/* Errands: what is done for a loop elsewhere, by another thread. While one is under way the virtual clock does not jump
 * and no standstill is declared; the end of the run waits for all of them, after the tasks' clean-up, as asyncio.run
 * does for its executor (shutdown_default_executor). */
#ifndef LEASH_CORE_ERRAND_H
#define LEASH_CORE_ERRAND_H

#include "types.h"

struct leash__errand {
    struct leash__node node; /* loop->errands, from its beginning to its end */
    const char *name;        /* for those who are told that it was given up */
    struct leash_site *site;
    /* The loop ends without having waited for it: its tasks and futures are still there, but nothing is called any
     * more. It is on no list then. */
    void (*abandon)(struct leash__errand *errand, struct leash__loop *loop);
};

/* All: the loop's thread. */
void leash__errand_begin(struct leash__loop *loop, struct leash__errand *errand);
void leash__errand_end(struct leash__loop *loop, struct leash__errand *errand);
/* Says on stderr which are still under way. */
void leash__errands_name(const struct leash__loop *loop);
/* The end of the loop: gives up those that are left. */
void leash__errands_abandon(struct leash__loop *loop);

#endif
