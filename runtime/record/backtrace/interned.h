/* From addresses to the number that a trace has for a stack: runtime's frames left out, modules and the stack defined.
 * The caller holds leash__definitions_lock. */
#ifndef LEASH_RECORD_INTERNED_H
#define LEASH_RECORD_INTERNED_H

#include "modules.h"
#include "stack_table.h"

#include <event.h>

/* A stack that is being put together, innermost frame first: of one that goes on on another, part by part. */
struct leash__stack_build {
    struct leash__frame frames[LEASH_STACK_FULL];
    size_t depth;
};

/* Adds a part: what `raw` (return addresses) is in, without the runtime's own, which its inner end is (`skip`:
 * own_frames.h). At most `most` frames in all; the rest is left out. */
void leash__stack_add(struct leash__stack_build *build, const uintptr_t *raw, size_t count, unsigned skip, size_t most);
/* The same of a stack that may have stopped anywhere, and if it is `exact` at its first address. */
void leash__stack_add_any(struct leash__stack_build *build, const uintptr_t *raw, size_t count, bool exact);
/* NULL: nothing is left, or no memory. */
struct leash__stack_entry *leash__stack_built(const struct leash__stack_build *build);

/* Sees to it that the trace knows the module; the stack and its modules. False: no room for the definition. */
bool leash__module_define(struct leash__events *events, struct leash__module *module);
bool leash__stack_define(struct leash__events *events, struct leash__stack_entry *entry);

/* To be called before addresses are looked at: forgets what was known of them if libraries came or went. */
void leash__stacks_look_again(void);

#endif
