/* Stores: what is in a queue, in the order in which it is got. */
#ifndef LEASH_SYNC_STORE_H
#define LEASH_SYNC_STORE_H

#include <leash/queue.h>

#include "priority.h"
#include "ring.h"

struct leash__store {
    enum leash__queue_order order;
    union {
        size_t count;                    /* both begin with it */
        struct leash__ring ring;         /* first in first out, last in first out */
        struct leash__priority priority; /* by priority */
    };
};

/* Empty. */
void leash__store_init(struct leash__store *store, enum leash__queue_order order,
                       int (*compare)(const void *, const void *));
/* Frees the memory and drops what is in it: outside of any task. `drop` may be NULL. It calls the program, so nothing
 * else may know the store by then. */
void leash__store_end(struct leash__store *store, void (*drop)(void *));

/* 0, -ENOMEM (nothing changed). */
static inline int leash__store_put(struct leash__store *store, void *item)
{
    return store->order == LEASH__QUEUE_PRIORITY ? leash__priority_put(&store->priority, item)
                                                 : leash__ring_put(&store->ring, item);
}

/* There must be one. */
static inline void *leash__store_take(struct leash__store *store)
{
    if (store->order == LEASH__QUEUE_FIFO)
        return leash__ring_take_first(&store->ring);
    return store->order == LEASH__QUEUE_LIFO ? leash__ring_take_last(&store->ring)
                                             : leash__priority_take(&store->priority);
}

#endif
