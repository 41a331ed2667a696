/* Rings: pointers that are put in at one end and taken from either. They grow and never shrink, so that a queue which
 * fills and empties again and again allocates nothing. Where nothing is, slots are NULL: the scan for lost handles must
 * not find there what is gone. */
#ifndef LEASH_SYNC_RING_H
#define LEASH_SYNC_RING_H

#include <stddef.h>

struct leash__ring {
    size_t count;
    size_t capacity; /* a power of two; 0 while slots is NULL */
    size_t first;    /* index of the oldest */
    void **slots;
};

/* Room for twice as many. 0, -ENOMEM (nothing changed). */
int leash__ring_grow(struct leash__ring *ring);

/* 0, -ENOMEM (nothing changed). */
static inline int leash__ring_put(struct leash__ring *ring, void *item)
{
    if (__builtin_expect(ring->count == ring->capacity, 0)) {
        int rc = leash__ring_grow(ring);
        if (rc < 0)
            return rc;
    }
    ring->slots[(ring->first + ring->count++) & (ring->capacity - 1)] = item;
    return 0;
}

/* The oldest; there must be one. */
static inline void *leash__ring_take_first(struct leash__ring *ring)
{
    void **slot = &ring->slots[ring->first], *item = *slot;
    *slot = NULL;
    ring->first = (ring->first + 1) & (ring->capacity - 1);
    ring->count--;
    return item;
}

/* The youngest; there must be one. */
static inline void *leash__ring_take_last(struct leash__ring *ring)
{
    void **slot = &ring->slots[(ring->first + --ring->count) & (ring->capacity - 1)], *item = *slot;
    *slot = NULL;
    return item;
}

/* Frees the memory; it is empty then. */
void leash__ring_free(struct leash__ring *ring);

#endif
