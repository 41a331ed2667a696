/* A loop for tests of the scan: no scheduler, just a pool of stacks and a list of contexts that do not run. */
#ifndef FAKE_LOOP_H
#define FAKE_LOOP_H

#include <context.h>
#include <ports.h>

struct leash__loop {
    struct leash__stacks *stacks;
    const struct leash__context *contexts[64];
    size_t count;
};

/* Kept in a cell; in no other form than xored with this, or it would be found where it stands. */
#define FAKE_CELLS_MASK UINT64_C(0x5555aaaa5555aaaa)
extern uint64_t fake_cells_word;

#endif
