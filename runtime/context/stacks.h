/* Slabs of stacks of one size, and the stacks in them. Private to context/.
 *
 *        low                                                                high
 *         | guard |  free  ...  grows down  ... | frames | struct leash__stack |
 *
 * A slab is one mapping with many stacks side by side. A free stack is an entry of the pool's free list and nothing
 * else: its memory is not touched, so that it can be given back. */
#ifndef LEASH_CONTEXT_STACKS_H
#define LEASH_CONTEXT_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "context.h"

/* In the upper end of a stack; written when it is taken, gone when it is free. */
struct leash__stack {
    char *low;            /* the guard's beginning */
    char *high;           /* the end; the next stack may begin here */
    uint32_t guard_size;  /* what of it is no stack */
    bool canary;          /* the guard is a canary */
    unsigned valgrind_id; /* under Valgrind only */
};

/* Takes the stack that was given back last. NULL: no memory. */
struct leash__stack *leash__stack_take(struct leash__stacks *stacks);
void leash__stack_give(struct leash__stacks *stacks, struct leash__stack *stack);
/* The canary of a stack, NULL where it has a true guard. */
const void *leash__stack_canary(const struct leash__stack *stack);
/* The float control words that contexts of the pool start with: those of the thread that made the pool. */
uint64_t leash__stacks_float_control(const struct leash__stacks *stacks);

#endif
