#include "priority.h"

#include <errno.h>
#include <stdbool.h>

#include "forget.h"

enum { FIRST_CAPACITY = 8 };

typedef struct leash__priority_entry entry_t;

static bool before(const struct leash__priority *heap, entry_t a, entry_t b)
{
    int order = heap->compare(a.item, b.item);
    return order ? order < 0 : a.order < b.order;
}

static void sift_up(struct leash__priority *heap, size_t index, entry_t entry)
{
    while (index > 0) {
        size_t parent = (index - 1) / 2;
        if (!before(heap, entry, heap->entries[parent]))
            break;
        heap->entries[index] = heap->entries[parent];
        index = parent;
    }
    heap->entries[index] = entry;
}

/* Moves the hole at the top down to the bottom, along the lesser children. Returns where it is then. */
static size_t sink_hole(struct leash__priority *heap)
{
    size_t hole = 0, child;
    while ((child = 2 * hole + 1) < heap->count) {
        if (child + 1 < heap->count && before(heap, heap->entries[child + 1], heap->entries[child]))
            child++;
        heap->entries[hole] = heap->entries[child];
        hole = child;
    }
    return hole;
}

static int grow(struct leash__priority *heap)
{
    size_t capacity = heap->capacity ? heap->capacity * 2 : FIRST_CAPACITY;
    entry_t *entries = calloc(capacity, sizeof *entries);
    if (!entries)
        return -ENOMEM;
    if (heap->count)
        memcpy(entries, heap->entries, heap->count * sizeof *entries);
    leash__forget(heap->entries, heap->capacity * sizeof *entries);
    heap->entries = entries;
    heap->capacity = capacity;
    return 0;
}

int leash__priority_put(struct leash__priority *heap, void *item)
{
    int rc = heap->count == heap->capacity ? grow(heap) : 0;
    if (rc < 0)
        return rc;
    sift_up(heap, heap->count++, (entry_t){item, heap->put++});
    return 0;
}

void *leash__priority_take(struct leash__priority *heap)
{
    void *item = heap->entries[0].item;
    entry_t last = heap->entries[--heap->count];
    heap->entries[heap->count].item = NULL; /* the scan for lost handles must not find there what is gone */
    if (heap->count > 0)
        sift_up(heap, sink_hole(heap), last);
    return item;
}

void leash__priority_free(struct leash__priority *heap)
{
    leash__forget(heap->entries, heap->capacity * sizeof *heap->entries);
    *heap = (struct leash__priority){.compare = heap->compare};
}
