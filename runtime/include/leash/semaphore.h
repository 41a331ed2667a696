/* A semaphore: at most so many at a time. Asyncio's Semaphore and BoundedSemaphore; fair: the first that waits gets it
 * first.
 *
 *     static leash_semaphore_t slots = LEASH_SEMAPHORE_INIT("slots", 10);
 *     int rc = leash_semaphore_acquire(&slots);
 *     if (rc < 0)
 *         return rc;                      // cancelled: nothing was taken
 *     ...
 *     leash_semaphore_release(&slots);
 *
 * Who releases need not have acquired: one that begins with 0 counts what others may go on with. A bounded one never
 * comes above what it began with. It is for tasks of one loop, not for threads. Algorithm: CPython 3.11's Semaphore
 * (Lib/asyncio/locks.py). All: the thread of the semaphore's loop (-EPERM otherwise). */
#ifndef LEASH_SEMAPHORE_H
#define LEASH_SEMAPHORE_H

#include <leash/object.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_semaphore {
    struct leash_object object;
    int value;   /* what it begins with: 0 or more, else every call is answered with -EINVAL */
    int bounded; /* not 0: its value never exceeds that */
} leash_semaphore_t;

/* For a static semaphore, or to be assigned: the same as leash_semaphore_init and leash_bounded_semaphore_init. */
#define LEASH_SEMAPHORE_INIT(name, value)                                                                              \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (value), 0                                                                            \
    }
#define LEASH_BOUNDED_SEMAPHORE_INIT(name, value)                                                                      \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (value), 1                                                                            \
    }
#define leash_semaphore_init(semaphore, name, value)                                                                   \
    leash__semaphore_init((semaphore), (name), (value), 0, leash__object_made(LEASH_SITE("leash_semaphore_init")))
#define leash_bounded_semaphore_init(semaphore, name, value)                                                           \
    leash__semaphore_init((semaphore), (name), (value), 1,                                                             \
                          leash__object_made(LEASH_SITE("leash_bounded_semaphore_init")))

/* Takes one, or suspends the calling task until one is left for it. 0; -ECANCELED (nothing was taken); -EPERM not
 * inside a task; -EINVAL it is NULL, no semaphore, or begins with less than 0; -ENOMEM. */
#define leash_semaphore_acquire(semaphore) leash__semaphore_acquire((semaphore), LEASH_SITE("leash_semaphore_acquire"))
/* Gives one back, or one more, and wakes the first that waits. Never suspends; need not be in a task. 0; -EOVERFLOW it
 * is bounded and has as many as it began with, or has INT_MAX: nothing was given; -EINVAL, -ENOMEM. */
#define leash_semaphore_release(semaphore) leash__semaphore_release((semaphore), LEASH_SITE("leash_semaphore_release"))
/* 1 if acquire would wait: nothing is left, or others wait already; 0 if not; -EINVAL, -EPERM, -ENOMEM. */
LEASH_API int leash_semaphore_locked(leash_semaphore_t *semaphore);
/* How many are left, without those that were left for tasks about to wake; -EINVAL, -EPERM, -ENOMEM. */
LEASH_API int leash_semaphore_value(leash_semaphore_t *semaphore);
/* Gives its memory back; it can be used again as if new. 0; -EBUSY its value is below what it began with, or tasks wait
 * for it; -EINVAL; -EPERM. */
LEASH_API int leash_semaphore_destroy(leash_semaphore_t *semaphore);

LEASH_API int leash__semaphore_acquire(leash_semaphore_t *semaphore, struct leash_site *site);
LEASH_API int leash__semaphore_release(leash_semaphore_t *semaphore, struct leash_site *site);
static inline void leash__semaphore_init(leash_semaphore_t *semaphore, const char *name, int value, int bounded,
                                         struct leash_site made)
{
    leash__object_init(&semaphore->object, name, made);
    semaphore->value = value;
    semaphore->bounded = bounded;
}

#ifdef __cplusplus
}
#endif
#endif
