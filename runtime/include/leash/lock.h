/* A lock: one task at a time. Asyncio's Lock; fair: the first that waits gets it first.
 *
 *     static leash_lock_t jobs = LEASH_LOCK_INIT("jobs");
 *     int rc = leash_lock_acquire(&jobs);
 *     if (rc < 0)
 *         return rc;                      // cancelled: it is not held
 *     ...
 *     leash_lock_release(&jobs);
 *
 * It keeps tasks of one loop apart, not threads. A task that acquires what it holds waits for itself. Algorithm:
 * CPython 3.11's Lock (Lib/asyncio/locks.py). All: the thread of the lock's loop (-EPERM otherwise). */
#ifndef LEASH_LOCK_H
#define LEASH_LOCK_H

#include <leash/object.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_lock {
    struct leash_object object;
} leash_lock_t;

/* For a static lock, or to be assigned: the same as leash_lock_init. */
#define LEASH_LOCK_INIT(name)                                                                                          \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name)                                                                                        \
    }
#define leash_lock_init(lock, name)                                                                                    \
    leash__object_init(&(lock)->object, (name), leash__object_made(LEASH_SITE("leash_lock_init")))

/* Suspends the calling task until it holds the lock. 0; -ECANCELED (it does not hold it); -EPERM not inside a task;
 * -EINVAL it is NULL or no lock; -ENOMEM. */
#define leash_lock_acquire(lock) leash__lock_acquire((lock), LEASH_SITE("leash_lock_acquire"))
/* Gives it back, whoever took it, and wakes the first that waits. Never suspends; need not be in a task. 0; -EINVAL
 * nobody holds it, it is NULL or no lock; -ENOMEM. */
#define leash_lock_release(lock) leash__lock_release((lock), LEASH_SITE("leash_lock_release"))
/* 1 held, 0 not, -EINVAL, -EPERM, -ENOMEM. */
LEASH_API int leash_lock_locked(leash_lock_t *lock);
/* Gives its memory back; it can be used again as if new. 0; -EBUSY it is held, or waited for, or a
 * condition of it is; -EINVAL; -EPERM. */
LEASH_API int leash_lock_destroy(leash_lock_t *lock);

LEASH_API int leash__lock_acquire(leash_lock_t *lock, struct leash_site *site);
LEASH_API int leash__lock_release(leash_lock_t *lock, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
