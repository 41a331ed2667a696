/* Queues: items handed from tasks to tasks. Asyncio's Queue, LifoQueue and PriorityQueue.
 *
 *     static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 100);
 *
 *     rc = leash_queue_put(&jobs, job);       // waits while 100 are in it
 *     rc = leash_queue_get(&jobs, &job);      // void *job; waits while it is empty
 *     ...
 *     leash_queue_task_done(&jobs);           // if somebody waits in leash_queue_join
 *
 * Items are pointers, NULL included. One that was put belongs to the queue until somebody gets it; one that was
 * refused, or whose put was cancelled, is still the caller's. What is left when a queue is destroyed, or its loop ends,
 * is a finding (`items-left`) and goes to the function of leash_queue_set_drop.
 *
 * -EAGAIN is asyncio's QueueFull and QueueEmpty, -ESHUTDOWN its QueueShutDown: how things are, no mistakes, so that
 * leash_last_error() does not speak of them.
 *
 * A queue may be filled before a loop runs; it belongs to the loop that meets it first, with what is in it. It keeps
 * tasks of one loop apart, not threads. Its memory grows with what is in it and is kept until it is destroyed.
 * Algorithm: CPython 3.11's Queue (Lib/asyncio/queues.py), and shutdown of 3.13's. All: the thread of the queue's loop
 * (-EPERM otherwise); -EINVAL what is given is NULL or no queue. */
#ifndef LEASH_QUEUE_H
#define LEASH_QUEUE_H

#include <leash/object.h>
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum leash__queue_order { LEASH__QUEUE_FIFO, LEASH__QUEUE_LIFO, LEASH__QUEUE_PRIORITY };

typedef struct leash_queue {
    struct leash_object object;
    size_t maxsize;                             /* 0: no bound */
    enum leash__queue_order order;              /* in which items are got */
    int (*compare)(const void *, const void *); /* of a priority queue */
    void (*drop)(void *item);                   /* NULL: what is left is nobody's */
} leash_queue_t;

/* For static queues, or to be assigned: the same as the functions below. */
#define LEASH_QUEUE_INIT(name, maxsize)                                                                                \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (maxsize), LEASH__QUEUE_FIFO, NULL, NULL                                              \
    }
#define LEASH_LIFO_QUEUE_INIT(name, maxsize)                                                                           \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (maxsize), LEASH__QUEUE_LIFO, NULL, NULL                                              \
    }
#define LEASH_PRIORITY_QUEUE_INIT(name, maxsize, compare)                                                              \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (maxsize), LEASH__QUEUE_PRIORITY, (compare), NULL                                     \
    }

/* First in, first out. `maxsize` is how many items it takes until puts wait; 0: any number. */
#define leash_queue_init(queue, name, maxsize)                                                                         \
    leash__queue_init((queue), (name), (maxsize), LEASH__QUEUE_FIFO, NULL,                                             \
                      leash__object_made(LEASH_SITE("leash_queue_init")))
/* The last item put is got first. */
#define leash_lifo_queue_init(queue, name, maxsize)                                                                    \
    leash__queue_init((queue), (name), (maxsize), LEASH__QUEUE_LIFO, NULL,                                             \
                      leash__object_made(LEASH_SITE("leash_lifo_queue_init")))
/* The least item is got first: compare(a, b) is below 0 where item a is to be got before item b, above 0 where after,
 * 0 where it is the same; then the one that was put first is. It is given the items themselves, not pointers to them as
 * that of qsort: strcmp does for strings. What it goes by must not change while an item is in. It must not call leash.
 * With compare NULL puts, gets, join and shutdown are answered with -EINVAL. */
#define leash_priority_queue_init(queue, name, maxsize, compare)                                                       \
    leash__queue_init((queue), (name), (maxsize), LEASH__QUEUE_PRIORITY, (compare),                                    \
                      leash__object_made(LEASH_SITE("leash_priority_queue_init")))

/* From now on drop(item) is called for each item that is left when the queue is destroyed or shut down at once, or when
 * its loop ends, and for those got into NULL: nothing that items own is lost. NULL: no more. The oldest goes first,
 * except in a priority queue. It runs outside of any task: it must not wait. 0. */
LEASH_API int leash_queue_set_drop(leash_queue_t *queue, void (*drop)(void *item));

/* leash_queue_put(queue, item): puts an item in. Suspends the calling task while the queue is full, else not; wakes the
 * first that waits to get. 0; -ECANCELED; -ESHUTDOWN; -EPERM not inside a task; -ENOMEM. Unless 0 the item is not in.
 */
#define leash_queue_put(queue, ...) leash__queue_put((queue), (__VA_ARGS__), LEASH_SITE("leash_queue_put"))
/* leash_queue_put_nowait(queue, item): never suspends; also from callbacks, and where no loop runs. 0; -EAGAIN it is
 * full; -ESHUTDOWN; -ENOMEM. */
#define leash_queue_put_nowait(queue, ...)                                                                             \
    leash__queue_put_nowait((queue), (__VA_ARGS__), LEASH_SITE("leash_queue_put_nowait"))

/* Takes an item out, into *item (a void **; NULL: it is dropped). Suspends the calling task while the queue is empty,
 * else not; wakes the first that waits to put. 0; -ECANCELED (no item was taken); -ESHUTDOWN it is empty and shut down;
 * -EPERM not inside a task; -ENOMEM. */
#define leash_queue_get(queue, item) leash__queue_get((queue), (item), LEASH_SITE("leash_queue_get"))
/* Never suspends; also from callbacks, and where no loop runs. 0; -EAGAIN it is empty; -ESHUTDOWN; -ENOMEM. */
#define leash_queue_get_nowait(queue, item)                                                                            \
    leash__queue_get_nowait((queue), (item), LEASH_SITE("leash_queue_get_nowait"))

/* What was got is dealt with: to be called once for each item by who got it, where somebody joins. Wakes those who do
 * once nothing is unfinished. Never suspends; need not be in a task. 0; -EINVAL it was called more often than items
 * were put; -ENOMEM. */
LEASH_API int leash_queue_task_done(leash_queue_t *queue);
/* Suspends the calling task until leash_queue_task_done was called for every item that was ever put; not if that is so
 * already. 0; -ECANCELED; -EPERM not inside a task; -ENOMEM. */
#define leash_queue_join(queue) leash__queue_join((queue), LEASH_SITE("leash_queue_join"))

/* Ends it: puts are refused from now on, gets too once it is empty (-ESHUTDOWN); whoever waits for either wakes and
 * learns of it. `immediate`: what is in it is dropped, and counts as done. Never suspends. 0; -ENOMEM. */
#define leash_queue_shutdown(queue, immediate)                                                                         \
    leash__queue_shutdown((queue), (immediate), LEASH_SITE("leash_queue_shutdown"))

/* How many items are in it. */
LEASH_API long leash_queue_qsize(leash_queue_t *queue);
/* How many it takes; 0: any number. */
LEASH_API long leash_queue_maxsize(leash_queue_t *queue);
/* 1 or 0. */
LEASH_API int leash_queue_empty(leash_queue_t *queue);
/* 1 or 0; never 1 of a queue without a bound. */
LEASH_API int leash_queue_full(leash_queue_t *queue);

/* Gives its memory back, and drops what is in it; it can be used again as if new. 0; -EBUSY a task waits to put, to get
 * or in join. */
LEASH_API int leash_queue_destroy(leash_queue_t *queue);

LEASH_API int leash__queue_put(leash_queue_t *queue, void *item, struct leash_site *site);
LEASH_API int leash__queue_put_nowait(leash_queue_t *queue, void *item, struct leash_site *site);
LEASH_API int leash__queue_get(leash_queue_t *queue, void **item, struct leash_site *site);
LEASH_API int leash__queue_get_nowait(leash_queue_t *queue, void **item, struct leash_site *site);
LEASH_API int leash__queue_join(leash_queue_t *queue, struct leash_site *site);
LEASH_API int leash__queue_shutdown(leash_queue_t *queue, bool immediate, struct leash_site *site);

static inline void leash__queue_init(leash_queue_t *queue, const char *name, size_t maxsize,
                                     enum leash__queue_order order, int (*compare)(const void *, const void *),
                                     struct leash_site made)
{
    leash__object_init(&queue->object, name, made);
    queue->maxsize = maxsize;
    queue->order = order;
    queue->compare = compare;
    queue->drop = NULL;
}

#ifdef __cplusplus
}
#endif
#endif
