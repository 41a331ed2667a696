/* Walks a stack that does not run, from registers that were saved. */
#ifndef LEASH_RECORD_WALK_H
#define LEASH_RECORD_WALK_H

#include <context.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct leash__walk {
    const struct leash__registers *from;
    bool exact; /* from->pc is an instruction that was interrupted; else it is a return address */
    size_t room;
    uintptr_t *addresses; /* `room` of them: innermost first, return addresses but for the first */
    uintptr_t *places;    /* likewise: where in memory each was found, 0: not known. May be NULL */
};

/* How many addresses there are. *ended: the walk came to the end of the stack, and did not break off. */
size_t leash__walk(const struct leash__walk *walk, bool *ended);

#endif
