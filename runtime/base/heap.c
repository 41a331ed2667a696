#include "heap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ARITY = 4, FIRST_CAPACITY = 64 };

static bool earlier(const struct leash__heap_entry *a, const struct leash__heap_entry *b)
{
    return a->when != b->when ? a->when < b->when : a->order < b->order;
}

static void place(struct leash__heap *heap, size_t index, struct leash__heap_entry entry)
{
    heap->entries[index] = entry;
    entry.item->index = index;
}

static void sift_up(struct leash__heap *heap, size_t index, struct leash__heap_entry entry)
{
    while (index > 0) {
        size_t parent = (index - 1) / ARITY;
        if (!earlier(&entry, &heap->entries[parent]))
            break;
        place(heap, index, heap->entries[parent]);
        index = parent;
    }
    place(heap, index, entry);
}

static void sift_down(struct leash__heap *heap, size_t index, struct leash__heap_entry entry)
{
    for (;;) {
        size_t first = index * ARITY + 1, least = first;
        if (first >= heap->count)
            break;
        for (size_t i = first + 1; i < first + ARITY && i < heap->count; i++)
            if (earlier(&heap->entries[i], &heap->entries[least]))
                least = i;
        if (!earlier(&heap->entries[least], &entry))
            break;
        place(heap, index, heap->entries[least]);
        index = least;
    }
    place(heap, index, entry);
}

int leash__heap_put(struct leash__heap *heap, struct leash__heap_item *item, uint64_t when)
{
    if (heap->count == heap->capacity) {
        size_t capacity = heap->capacity ? heap->capacity * 2 : FIRST_CAPACITY;
        struct leash__heap_entry *entries = realloc(heap->entries, capacity * sizeof *entries);
        if (!entries)
            return -ENOMEM;
        heap->entries = entries;
        heap->capacity = capacity;
    }
    sift_up(heap, heap->count++, (struct leash__heap_entry){when, heap->armed++, item});
    return 0;
}

void leash__heap_remove(struct leash__heap *heap, struct leash__heap_item *item)
{
    size_t index = item->index;
    if (index == LEASH__HEAP_OUT)
        return;
    item->index = LEASH__HEAP_OUT;
    struct leash__heap_entry last = heap->entries[--heap->count];
    if (index == heap->count)
        return;
    if (index > 0 && earlier(&last, &heap->entries[(index - 1) / ARITY]))
        sift_up(heap, index, last);
    else
        sift_down(heap, index, last);
}

void leash__heap_clear(struct leash__heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        heap->entries[i].item->index = LEASH__HEAP_OUT;
    free(heap->entries);
    *heap = (struct leash__heap){0};
}
