/* Where a scan begins: the stacks that it knows, each from where it stopped, and all the memory that is none of the
 * program's. */
#ifndef LEASH_WATCH_ROOTS_H
#define LEASH_WATCH_ROOTS_H

#include "ranges.h"
#include "reader.h"

#include <ports.h>

/* What of the calling thread's stack is dead: [low, sp), if the thread is on its own stack. */
struct leash__own_stack {
    const char *low; /* NULL: not known (the main thread's: its mapping begins there) */
    const char *sp;
};
/* `sp` is the live end of the stack that the thread is on. May call malloc. Not in a forked child: any thread is the
 * main one there. */
struct leash__own_stack leash__roots_own_stack(const struct leash__scan_request *request, const char *sp);

/* Adds to `out`: the arena, the request's arrays, every slab of the loop's pool, and what is dead of the calling
 * thread's stack. Sorts it. Of other loops' stacks all counts as live: nobody can tell how far their threads had got.
 */
void leash__roots_exclude(const struct leash__scan_request *request, const struct leash__own_stack *own,
                          struct leash__ranges *out);
/* Calls fn for the live part of stacks of the loop: the running task's from sp, the others from where they stopped, and
 * for the words that cells keep for the program. If the request names tasks, their stacks are left out. */
void leash__roots_each(const struct leash__scan_request *request, const char *sp, leash__reader_fn *fn, void *argument);
/* The same for the stacks of one task, `task` as the request names it. */
void leash__roots_of_task(void *task, leash__reader_fn *fn, void *argument);

#endif
