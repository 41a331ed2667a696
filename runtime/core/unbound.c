#include "unbound.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of every thread's list */

void leash__unbound_lock(void)
{
    pthread_mutex_lock(&lock);
}

void leash__unbound_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void leash__unbound_add(struct leash__thread *maker, struct leash__cell *coro)
{
    pthread_mutex_lock(&lock);
    leash__list_append(&maker->coros, &coro->node);
    pthread_mutex_unlock(&lock);
}

void leash__unbound_remove(struct leash__cell *coro)
{
    pthread_mutex_lock(&lock);
    leash__list_remove(&coro->node);
    pthread_mutex_unlock(&lock);
}

static struct leash__cell *move_first(struct leash__node *from, struct leash__node *to)
{
    pthread_mutex_lock(&lock);
    struct leash__node *node = leash__list_pop(from);
    if (node && to)
        leash__list_append(to, node);
    pthread_mutex_unlock(&lock);
    return node ? LEASH__CONTAINER(node, struct leash__cell, node) : NULL;
}

struct leash__cell *leash__unbound_pop(struct leash__thread *maker)
{
    return move_first(&maker->coros, NULL);
}

/* Without the lock while fn runs, so as not to hold two where fn takes one. */
void leash__unbound_each(struct leash__thread *maker,
                         void (*fn)(struct leash__thread *maker, const struct leash__cell *coro))
{
    struct leash__node seen;
    struct leash__cell *coro;
    leash__list_init(&seen);
    while ((coro = move_first(&maker->coros, &seen)))
        fn(maker, coro);
    pthread_mutex_lock(&lock);
    leash__list_splice(&maker->coros, &seen);
    pthread_mutex_unlock(&lock);
}

void leash__unbound_walk(struct leash__thread *maker, void (*fn)(struct leash__cell *cell, void *arg), void *arg)
{
    pthread_mutex_lock(&lock);
    for (struct leash__node *node = maker->coros.next; node != &maker->coros; node = node->next)
        fn(LEASH__CONTAINER(node, struct leash__cell, node), arg);
    pthread_mutex_unlock(&lock);
}
