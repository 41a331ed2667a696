/* A loop for tests of the scan: no scheduler, just a pool of stacks and a list of contexts that do not run. */
#ifndef FAKE_LOOP_H
#define FAKE_LOOP_H

#include <context.h>
#include <ports.h>

struct leash__loop {
    struct leash__stacks *stacks;
    const struct leash__context *contexts[64];
    void *tasks[64]; /* whose they are: NULL, or a struct fake_task */
    size_t count;
};

/* Kept in a cell; in no other form than xored with this, or it would be found where it stands. */
#define FAKE_CELLS_MASK UINT64_C(0x5555aaaa5555aaaa)
extern uint64_t fake_cells_word;

/* A task that is live if it is held. In the arena: what it keeps is no reference by itself. */
struct fake_task {
    const struct leash__context *context; /* NULL: it never ran */
    void *kept[2];
    uint64_t awaited; /* a handle */
};

/* What the runtime keeps beside tasks. */
extern struct fake_kept {
    void **low, **high;
} fake_kept;

#endif
