/* Shared by the files that make up a baseline. */
#ifndef LEASH_ACCEPT_ENTRY_H
#define LEASH_ACCEPT_ENTRY_H

#include "accept/baseline.h"
#include "arena.h"

#define BASELINE_WORD_MAX 400 /* longer ones are cut when written */

struct baseline_entry {
    uint32_t fingerprint;
    const char *class, *file, *function; /* as they stand in the file: quoted */
    const char *comment;                 /* lines above it, each with its end; NULL: none */
    size_t count;
    size_t seen; /* the most that a trace held, of those that were compared */
};

struct baseline {
    struct arena memory;
    struct baseline_entry *items; /* by fingerprint */
    size_t count, capacity;
    const char *head, *tail; /* comments about the file, and below the last entry; NULL: none */
};

/* The entry of a fingerprint; a new one, all empty, if there was none. It may move the others. */
struct baseline_entry *baseline_enter(struct baseline *baseline, uint32_t fingerprint);

#endif
