/* Stacks of tasks that wait at the same place look alike: each shape is walked once. A shape is where return addresses
 * lie, counted from the stack's upper end, and what they are. A stack that begins with the same registers (counted from
 * there too) and has the same addresses at the same places is of that shape: its walk would find no others.
 *
 * The caller holds leash__definitions_lock. */
#ifndef LEASH_RECORD_SHAPES_H
#define LEASH_RECORD_SHAPES_H

#include "stack_table.h"

#include <context.h>

/* NULL: of no shape that is known. */
struct leash__stack_entry *leash__shape_find(const struct leash__registers *registers, const char *high);
/* From now on stacks of this shape are `entry`: `count` addresses, the first of them registers->pc, the others at
 * places[]. Nothing is kept without memory, where a place is not known, or of shapes beyond the first few thousand. */
void leash__shape_keep(const struct leash__registers *registers, const char *high, const uintptr_t *addresses,
                       const uintptr_t *places, size_t count, struct leash__stack_entry *entry);
/* Addresses mean something else now. */
void leash__shapes_drop(void);

#endif
