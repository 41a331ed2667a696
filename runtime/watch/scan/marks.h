/* Which blocks were reached, and which of these are still to be looked into. Marking is iterative and its memory is
 * bounded: blocks wait on a stack, and those that find no room there as bits in a map, which is swept when the stack is
 * empty (Boehm and Weiser, Garbage collection in an uncooperative environment, 1988, rescan what is marked; a map of
 * its own spares that). */
#ifndef LEASH_WATCH_MARKS_H
#define LEASH_WATCH_MARKS_H

#include "blocks_view.h"

struct leash__marks_region;

struct leash__marks {
    struct leash__marks_region *regions; /* in the arena; one a region of the view */
    size_t count;
    uintptr_t *stack; /* in the arena; of starts of blocks */
    size_t depth, room;
    size_t waiting; /* blocks that wait as bits */
};

/* `room`: of the stack, in blocks. 0, -ENOMEM. */
int leash__marks_new(struct leash__marks *marks, const struct leash__blocks_view *view, size_t room);
void leash__marks_free(struct leash__marks *marks); /* zeroed memory is fine */
/* The block was reached. False: it had been before. */
bool leash__marks_add(struct leash__marks *marks, const struct leash__block *block);
/* The start of one that is to be looked into; 0: none is left. */
uintptr_t leash__marks_take(struct leash__marks *marks, const struct leash__blocks_view *view);

#endif
