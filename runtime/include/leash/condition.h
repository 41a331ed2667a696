/* A condition: tasks that hold a lock wait, without it, until another one notifies them. Asyncio's Condition.
 *
 *     static leash_condition_t changed = LEASH_CONDITION_INIT("changed");
 *     rc = leash_condition_acquire(&changed);
 *     ...
 *     rc = leash_condition_wait_for(&changed, is_full, &box);     // or wait, and look again
 *     leash_condition_release(&changed);                          // also if rc < 0: it is held in every case
 *
 *     leash_condition_acquire(&changed);                          // elsewhere
 *     put(&box);
 *     leash_condition_notify(&changed, 1);
 *     leash_condition_release(&changed);
 *
 * The lock is its own, or one of the program's that several conditions may share. For the trace a task that waits here
 * waits for the condition, then for its lock. It is for tasks of one loop, not for threads. Algorithm: CPython 3.11's
 * Condition (Lib/asyncio/locks.py). All: the thread of the condition's loop (-EPERM otherwise). */
#ifndef LEASH_CONDITION_H
#define LEASH_CONDITION_H

#include <leash/lock.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_condition {
    struct leash_object object;
    leash_lock_t own;
    leash_lock_t *lock; /* NULL: its own */
} leash_condition_t;

/* For a static condition, or to be assigned: the same as leash_condition_init and leash_condition_init_with. A lock of
 * the program's must be there in every call with the condition. */
#define LEASH_CONDITION_INIT(name)                                                                                     \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), LEASH_LOCK_INIT(name), (leash_lock_t *)0                                              \
    }
#define LEASH_CONDITION_INIT_WITH(name, lock)                                                                          \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name), LEASH_LOCK_INIT(name), (lock)                                                         \
    }
#define leash_condition_init(condition, name)                                                                          \
    leash__condition_init((condition), (name), (leash_lock_t *)0,                                                      \
                          leash__object_made(LEASH_SITE("leash_condition_init")))
#define leash_condition_init_with(condition, name, lock)                                                               \
    leash__condition_init((condition), (name), (lock), leash__object_made(LEASH_SITE("leash_condition_init_with")))

/* Those of its lock: see leash/lock.h. Calls of the lock itself do the same. */
#define leash_condition_acquire(condition) leash__condition_acquire((condition), LEASH_SITE("leash_condition_acquire"))
#define leash_condition_release(condition) leash__condition_release((condition), LEASH_SITE("leash_condition_release"))
LEASH_API int leash_condition_locked(leash_condition_t *condition);

/* Releases the lock, suspends the calling task until it is notified, and acquires the lock again, which it holds
 * whatever is returned: also a cancelled task waits for it, however often it is cancelled. 0; -ECANCELED (a
 * notification that had reached it is lost then); -EINVAL the lock is not held, the condition is NULL or none; -EPERM
 * not inside a task; -ENOMEM: nothing was done. */
#define leash_condition_wait(condition) leash__condition_wait((condition), LEASH_SITE("leash_condition_wait"))
/* Waits until predicate(arg), called with the lock held, is not 0: asks it first, and again after each notification.
 * Returns what it said: 1 or more, or the negative errno that ended the waiting; else as leash_condition_wait. -EINVAL
 * also if predicate is NULL. */
#define leash_condition_wait_for(condition, predicate, ...)                                                            \
    leash__condition_wait_for((condition), (predicate), (__VA_ARGS__), LEASH_SITE("leash_condition_wait_for"))
/* Wakes at most n of those that wait (INT_MAX, or notify_all: all), first come first. They go on when they get the
 * lock, which the caller should release. Never suspends; need not be in a task. How many; -EINVAL the lock is not held,
 * it is NULL or no condition; -ENOMEM. */
#define leash_condition_notify(condition, n)                                                                           \
    leash__condition_notify((condition), (n), LEASH_SITE("leash_condition_notify"))
#define leash_condition_notify_all(condition)                                                                          \
    leash__condition_notify_all((condition), LEASH_SITE("leash_condition_notify_all"))
/* Gives its memory back, and its own lock's; it can be used again as if new. 0; -EBUSY tasks wait for it, or its own
 * lock is held or waited for; -EINVAL; -EPERM. */
LEASH_API int leash_condition_destroy(leash_condition_t *condition);

LEASH_API int leash__condition_acquire(leash_condition_t *condition, struct leash_site *site);
LEASH_API int leash__condition_release(leash_condition_t *condition, struct leash_site *site);
LEASH_API int leash__condition_wait(leash_condition_t *condition, struct leash_site *site);
LEASH_API int leash__condition_wait_for(leash_condition_t *condition, int (*predicate)(void *arg), void *arg,
                                        struct leash_site *site);
LEASH_API int leash__condition_notify(leash_condition_t *condition, int n, struct leash_site *site);
LEASH_API int leash__condition_notify_all(leash_condition_t *condition, struct leash_site *site);
static inline void leash__condition_init(leash_condition_t *condition, const char *name, leash_lock_t *lock,
                                         struct leash_site made)
{
    leash__object_init(&condition->object, name, made);
    leash__object_init(&condition->own.object, name, made);
    condition->lock = lock;
}

#ifdef __cplusplus
}
#endif
#endif
