/* A barrier: tasks wait until so many have come, then all go on. Asyncio's Barrier.
 *
 *     static leash_barrier_t phase = LEASH_BARRIER_INIT("phase", 3);
 *     int index = leash_barrier_wait(&phase);
 *     if (index < 0)
 *         return index;                   // cancelled, or -EPIPE: somebody gave up
 *     if (index == 0)
 *         ...                             // what one of them has to do
 *
 * It fills until all parties are there, then drains; who comes while it drains waits for the next time. It is for tasks
 * of one loop, not for threads. Algorithm: CPython 3.11's Barrier (Lib/asyncio/locks.py). All: the thread of the
 * barrier's loop (-EPERM otherwise). */
#ifndef LEASH_BARRIER_H
#define LEASH_BARRIER_H

#include <leash/object.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_barrier {
    struct leash_object object;
    int parties; /* 1 or more, else every call is answered with -EINVAL */
} leash_barrier_t;

/* For a static barrier, or to be assigned: the same as leash_barrier_init. */
#define LEASH_BARRIER_INIT(name, parties)                                                                              \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), (parties)                                                                             \
    }
#define leash_barrier_init(barrier, name, parties)                                                                     \
    leash__barrier_init((barrier), (name), (parties), leash__object_made(LEASH_SITE("leash_barrier_init")))

/* Suspends the calling task until all parties are there; the last one goes on at once. In which place it came: 0 to
 * parties - 1, each of them once, unless one that had come was cancelled. -EPIPE: the barrier is broken, or was broken
 * or reset while the task waited. -ECANCELED: it counts no longer, the others wait on. -EPERM not inside a task;
 * -EINVAL it is NULL, no barrier, or has less than 1 party; -ENOMEM. */
#define leash_barrier_wait(barrier) leash__barrier_wait((barrier), LEASH_SITE("leash_barrier_wait"))
/* Makes it as it was in the beginning, also a broken one. Those who wait get -EPIPE; until they have left, newcomers
 * wait. Never suspends; need not be in a task. 0; -EINVAL, -ENOMEM. */
#define leash_barrier_reset(barrier) leash__barrier_reset((barrier), LEASH_SITE("leash_barrier_reset"))
/* Breaks it: those who wait, and those who come, get -EPIPE until it is reset. Never suspends; need not be in a task.
 * 0; -EINVAL, -ENOMEM. */
#define leash_barrier_abort(barrier) leash__barrier_abort((barrier), LEASH_SITE("leash_barrier_abort"))
/* How many are there while it fills, else 0; how many must be; 1 broken, 0 not. Or -EINVAL, -EPERM, -ENOMEM. */
LEASH_API int leash_barrier_n_waiting(leash_barrier_t *barrier);
LEASH_API int leash_barrier_parties(leash_barrier_t *barrier);
LEASH_API int leash_barrier_broken(leash_barrier_t *barrier);
/* Gives its memory back; it can be used again as if new. 0; -EBUSY tasks wait for it; -EINVAL; -EPERM. */
LEASH_API int leash_barrier_destroy(leash_barrier_t *barrier);

LEASH_API int leash__barrier_wait(leash_barrier_t *barrier, struct leash_site *site);
LEASH_API int leash__barrier_reset(leash_barrier_t *barrier, struct leash_site *site);
LEASH_API int leash__barrier_abort(leash_barrier_t *barrier, struct leash_site *site);
static inline void leash__barrier_init(leash_barrier_t *barrier, const char *name, int parties, struct leash_site made)
{
    leash__object_init(&barrier->object, name, made);
    barrier->parties = parties;
}

#ifdef __cplusplus
}
#endif
#endif
