/* A queue's state, and the way to it. */
#ifndef LEASH_SYNC_QUEUE_H
#define LEASH_SYNC_QUEUE_H

#include "store.h"
#include "waitable.h"

struct leash__queue {
    struct leash__waitable base;
    struct leash__store store;
    struct leash__node getters, putters; /* who was woken is in neither any more, though it waits until it runs */
    struct leash__node joiners;          /* wait for asyncio's _finished, which is set while nothing is unfinished */
    size_t limit;                        /* SIZE_MAX: no bound */
    size_t unfinished;                   /* items that were put and whose task_done is owed */
    size_t waiting;                      /* tasks that have yet to return from a wait */
    void (*drop)(void *);
    bool shut;
    bool counted; /* join or task_done was ever used: what is unfinished matters */
};

static inline bool leash__queue_empty(const struct leash__queue *queue)
{
    return queue->store.count == 0;
}

static inline bool leash__queue_full(const struct leash__queue *queue)
{
    return queue->store.count >= queue->limit;
}

extern const struct leash__waitable_type leash__queue_type;

/* The queue's state where it is found at once; NULL: ask the others. */
static inline struct leash__queue *leash__queue_at_once(const leash_queue_t *queue)
{
    return (struct leash__queue *)leash__waitable_at_once(queue ? &queue->object : NULL, &leash__queue_type);
}
/* The queue's state; NULL: *error, as of leash__waitable_find, 0 if there is none yet. */
struct leash__queue *leash__queue_find(leash_queue_t *queue, const char *call, struct leash_site *site, int *error);
/* Makes it; NULL: *error, as of leash__waitable_of. */
struct leash__queue *leash__queue_make(leash_queue_t *queue, const char *call, struct leash_site *site, int *error);
/* Finds it, else makes it. */
static inline struct leash__queue *leash__queue_of(leash_queue_t *queue, const char *call, struct leash_site *site,
                                                   int *error)
{
    struct leash__queue *found = leash__queue_at_once(queue);
    if (__builtin_expect(found != NULL, 1))
        return found;
    found = leash__queue_find(queue, call, site, error);
    return found || *error ? found : leash__queue_make(queue, call, site, error);
}

#endif
