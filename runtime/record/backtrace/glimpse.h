/* A glimpse of another thread: its registers, as far as they are known, and a copy of its stack. It is walked in the
 * copy: nothing that the thread does meanwhile can lead the walk astray. */
#ifndef LEASH_RECORD_GLIMPSE_H
#define LEASH_RECORD_GLIMPSE_H

#include <context.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { LEASH_GLIMPSE_SIZE = 64 * 1024 }; /* bytes of stack */

struct leash__glimpse {
    struct leash__registers registers;
    bool all_registers; /* else only sp and pc are known: what else a frame needs is looked for in the stack */
    size_t size;        /* bytes of `stack` that are there */
    _Alignas(16) char stack[LEASH_GLIMPSE_SIZE];
};

/* Of a thread that runs: by a signal that is free, whose handler does no more than copy. False: it blocks the signal,
 * none is free, or memory cannot be read. One at a time. */
bool leash__glimpse_by_signal(pid_t tid, struct leash__glimpse *out);

/* Addresses, innermost first. The caller holds leash__definitions_lock. */
size_t leash__glimpse_walk(const struct leash__glimpse *glimpse, uintptr_t *addresses, size_t room);

/* Copies what can be read of this process's memory from `low` on; how much that is. Async-signal-safe. */
size_t leash__memory_copy(void *to, uintptr_t low, size_t size);

#endif
