/* The arena: pages that hold the runtime's own state, and the list of where they are.
 *
 * A reachability scan (watch/) looks for handles in the program's memory. What the runtime itself keeps must not count
 * as a reference, so all of its state that could hold a handle (cells, handle tables, queues) lives in pages from here,
 * which a scan leaves out. Every function may be called by any thread, takes no lock, and allocates with mmap only. */
#ifndef LEASH_BASE_ARENA_H
#define LEASH_BASE_ARENA_H

#include <stddef.h>

/* Zeroed pages, the size rounded up to whole ones; NULL and errno (ENOMEM, EINVAL for 0) if there are none. */
void *leash__arena_map(size_t size);
/* Gives back exactly what one leash__arena_map returned; `size` as it was asked for. NULL is fine. */
void leash__arena_unmap(void *base, size_t size);

/* Leaves memory that was mapped elsewhere out of scans too (the spool's mapping). 0, -ENOMEM, -EINVAL (no bytes). */
int leash__arena_exclude(const void *base, size_t size);
/* Takes that back; to be called before the memory goes to anybody else. */
void leash__arena_include(const void *base);

/* Calls fn for every range that is left out, in no order. Ranges that come or go meanwhile may or may not be seen; fn
 * may call no function of this file but leash__arena_map. Async-signal-safe if fn is. */
typedef void leash__arena_range_fn(const void *low, const void *high, void *argument);
void leash__arena_ranges(leash__arena_range_fn *fn, void *argument);

#endif
