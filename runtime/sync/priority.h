/* Items by priority: the least is taken first, of equals the one that was put first. Algorithm: a binary heap whose
 * items are numbered as they come in; taking moves the hole to the bottom first and the last item up from there, as
 * CPython's heapq does (Knuth, TAOCP 3, 5.2.3, exercise 18): about one comparison a level, and these are the
 * program's. */
#ifndef LEASH_SYNC_PRIORITY_H
#define LEASH_SYNC_PRIORITY_H

#include <stddef.h>
#include <stdint.h>

struct leash__priority_entry {
    void *item;
    uint64_t order;
};

struct leash__priority {
    size_t count, capacity;
    struct leash__priority_entry *entries;
    uint64_t put; /* how many were ever put in: the next order */
    int (*compare)(const void *, const void *);
};

/* 0, -ENOMEM (nothing changed). */
int leash__priority_put(struct leash__priority *heap, void *item);
/* The least; there must be one. */
void *leash__priority_take(struct leash__priority *heap);
/* Frees the memory; it is empty then. */
void leash__priority_free(struct leash__priority *heap);

#endif
