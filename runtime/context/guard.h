/* What keeps a stack from running into its neighbour: the lowest page of each, guarded in the best way that the system
 * has.
 *
 *   LEASH__GUARD_INSTALL   MADV_GUARD_INSTALL (Linux 6.13): no mapping of its own, so any number of them
 *   LEASH__GUARD_MPROTECT  PROT_NONE: two more mappings each, so only as many as leave vm.max_map_count in peace
 *   LEASH__GUARD_CANARY    a few words that must stay zero, looked at when a context stops running */
#ifndef LEASH_CONTEXT_GUARD_H
#define LEASH_CONTEXT_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum leash__guard {
    LEASH__GUARD_INSTALL,
    LEASH__GUARD_MPROTECT,
    LEASH__GUARD_CANARY,
};

/* Guards [page, page + size), which no one has touched yet. Says what it used; never fails, since a canary always
 * works. */
enum leash__guard leash__guard_set(void *page, size_t size);
/* To be told before a stack so guarded is unmapped: mprotect'ed guards are counted. */
void leash__guard_forget(enum leash__guard guard);

/* A canary is looked for in the words at `canary`: zero, so that an untouched page holds one for no memory. */
enum { LEASH__CANARY_WORDS = 8 };
bool leash__guard_canary_hit(const void *canary);

/* For tests: the best guard that may be used from now on, and how many mprotect'ed ones there may be. */
void leash__guard_force(enum leash__guard best, size_t mprotect_limit);
void leash__guard_force_end(void);

#endif
