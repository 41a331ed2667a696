/* A 4-ary min-heap of timers, by deadline and then by the order in which they were armed. The entries hold the keys, so
 * that sifting does not touch the timers themselves but for their index.
 * Algorithm: d-ary heap (Johnson 1975); four children share about one cache line and a half. */
#ifndef LEASH_BASE_HEAP_H
#define LEASH_BASE_HEAP_H

#include <stddef.h>
#include <stdint.h>

#define LEASH__HEAP_OUT SIZE_MAX

struct leash__heap_item {
    size_t index; /* in heap->entries; LEASH__HEAP_OUT while not in a heap */
};

struct leash__heap_entry {
    uint64_t when;
    uint64_t order;
    struct leash__heap_item *item;
};

struct leash__heap {
    struct leash__heap_entry *entries;
    size_t count, capacity;
    uint64_t armed; /* how many were ever put in: the next order */
};

/* 0, -ENOMEM (nothing changed). */
int leash__heap_put(struct leash__heap *heap, struct leash__heap_item *item, uint64_t when);
/* Harmless for an item that is not in. */
void leash__heap_remove(struct leash__heap *heap, struct leash__heap_item *item);
/* The earliest, NULL if empty. */
static inline struct leash__heap_entry *leash__heap_first(const struct leash__heap *heap)
{
    return heap->count ? &heap->entries[0] : NULL;
}
/* Takes all items out and frees the memory. */
void leash__heap_clear(struct leash__heap *heap);

#endif
