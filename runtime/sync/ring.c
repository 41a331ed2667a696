#include "ring.h"

#include <errno.h>

#include "forget.h"

enum { FIRST_CAPACITY = 8 };

__attribute__((cold, noinline)) int leash__ring_grow(struct leash__ring *ring)
{
    size_t capacity = ring->capacity ? ring->capacity * 2 : FIRST_CAPACITY;
    void **slots = calloc(capacity, sizeof(void *));
    if (!slots)
        return -ENOMEM;
    for (size_t i = 0; i < ring->count; i++)
        slots[i] = ring->slots[(ring->first + i) & (ring->capacity - 1)];
    leash__forget(ring->slots, ring->capacity * sizeof(void *));
    ring->slots = slots;
    ring->capacity = capacity;
    ring->first = 0;
    return 0;
}

void leash__ring_free(struct leash__ring *ring)
{
    leash__forget(ring->slots, ring->capacity * sizeof(void *));
    *ring = (struct leash__ring){0};
}
