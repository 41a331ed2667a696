/* Contexts for tests: one thread's own context, and helpers that make and enter others. */
#ifndef LEASH_TESTS_CONTEXT_POOL_H
#define LEASH_TESTS_CONTEXT_POOL_H

#include <context.h>

/* The side of the test, and the context it is in now or was in last. */
struct side {
    struct leash__stacks *stacks;
    struct leash__context thread, context;
    void (*body)(struct side *side, void *argument);
    void *argument;
};

/* Runs body(side, argument) on a stack of side->stacks until it calls side_pause or returns. False: no memory. */
bool side_start(struct side *side, void (*body)(struct side *side, void *argument), void *argument);
/* From a body: back to the test. */
void side_pause(struct side *side);
/* From the test: on with the body. */
void side_go_on(struct side *side);
void side_free_context(struct side *side);

/* Switches with every register that a callee keeps filled from seed; returns how many came back changed. */
int keep_registers(struct leash__context *from, struct leash__context *to, long seed);

/* For cmocka: a struct side with a pool of 64 KiB stacks in *state. */
int side_setup(void **state);
int side_teardown(void **state);

#endif
