#include "store.h"

#include "cell.h"

void leash__store_init(struct leash__store *store, enum leash__queue_order order,
                       int (*compare)(const void *, const void *))
{
    *store = (struct leash__store){.order = order};
    if (order == LEASH__QUEUE_PRIORITY)
        store->priority.compare = compare;
}

/* Without a comparison: what the items point at may be gone, if nothing drops them. */
static void end_priority(struct leash__priority *heap, void (*drop)(void *))
{
    for (size_t i = 0; drop && i < heap->count; i++)
        leash__drop(drop, heap->entries[i].item);
    leash__priority_free(heap);
}

static void end_ring(struct leash__ring *ring, void (*drop)(void *))
{
    while (drop && ring->count > 0)
        leash__drop(drop, leash__ring_take_first(ring));
    leash__ring_free(ring);
}

void leash__store_end(struct leash__store *store, void (*drop)(void *))
{
    if (store->order == LEASH__QUEUE_PRIORITY)
        end_priority(&store->priority, drop);
    else
        end_ring(&store->ring, drop);
}
