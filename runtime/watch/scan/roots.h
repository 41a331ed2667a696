/* Where a scan begins: the stacks that it knows, each from where it stopped, and all the memory that is none of the
 * program's. */
#ifndef LEASH_WATCH_ROOTS_H
#define LEASH_WATCH_ROOTS_H

#include "handle_set.h"
#include "ranges.h"

#include <ports.h>

/* What of the calling thread's stack is dead: [low, sp), if the thread is on its own stack. */
struct leash__own_stack {
    const char *low; /* NULL: not known (the main thread's: its mapping begins there) */
    const char *sp;
};

/* Of the calling thread, whose live end is `sp`, whatever stack it is on. May call malloc. */
void leash__roots_own_stack(const struct leash__scan_request *request, const char *sp, struct leash__own_stack *out);
/* Adds to `out`: the arena, the request's arrays, every slab of the loop's pool, and what is dead of the calling
 * thread's stack. Sorts it. Of other loops' stacks all counts as live: nobody can tell how far their threads had got.
 */
void leash__roots_exclude(const struct leash__scan_request *request, const struct leash__own_stack *own,
                          struct leash__ranges *out);
/* Searches the live part of each of the loop's stacks: the running task's from sp, the others from where they stopped.
 * Returns the bytes searched. */
uint64_t leash__roots_search(const struct leash__scan_request *request, const char *sp, struct leash__handle_set *set);

#endif
