/* Stacks, each kept once: what is recorded of one is its number. A small cache of raw addresses lies in front, so that
 * a stack that was seen lately costs a hash and a comparison.
 *
 *     addresses --cache--> entry
 *         \--cut, module + offset--> table --> entry
 *
 * The caller holds leash__definitions_lock. */
#ifndef LEASH_RECORD_STACK_TABLE_H
#define LEASH_RECORD_STACK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEASH_STACK_DEPTH = 10, /* frames that are kept of a creation */
    LEASH_STACK_RAW = 28,   /* addresses that are looked at for it: the runtime's own are left out of them */
    LEASH_STACK_FULL = 64,  /* frames that are kept of a stack that does not run */
    LEASH_STACK_WALK = 128  /* addresses that are looked at for it */
};

struct leash__module;

struct leash__frame {
    struct leash__module *module; /* NULL: in none; offset is the address then */
    uint64_t offset;
};

struct leash__stack_entry {
    struct leash__stack_entry *chain; /* of the same bucket */
    uint64_t id;                      /* from 1 */
    uint64_t hash;
    unsigned defined; /* leash__definitions_trace() in which it was last defined; 0: none */
    unsigned depth;
    char **words;                       /* a text a frame, once they were looked up (stack_words.c); else NULL */
    struct leash__stack_entry *wanting; /* the next of those whose words are wanted */
    bool wants_words;                   /* on that list */
    struct leash__frame frames[];       /* innermost first */
};

/* What the cache says of these addresses; NULL: not in it. */
struct leash__stack_entry *leash__stack_cached(const uintptr_t *addresses, size_t count);
/* From now on these addresses mean `entry`. */
void leash__stack_cache(const uintptr_t *addresses, size_t count, struct leash__stack_entry *entry);
/* Addresses mean something else now. */
void leash__stack_cache_drop(void);

/* The entry of these frames, made if there is none yet. NULL: no memory. */
struct leash__stack_entry *leash__stack_intern(const struct leash__frame *frames, size_t depth);
/* The entry of this number; NULL: there is none. */
struct leash__stack_entry *leash__stack_of_number(uint64_t id);

#endif
