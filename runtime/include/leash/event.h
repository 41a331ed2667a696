/* An event: a flag that tasks wait for until it is set. Asyncio's Event.
 *
 *     static leash_event_t ready = LEASH_EVENT_INIT("ready");
 *     int rc = leash_event_wait(&ready);  // in any number of tasks
 *     leash_event_set(&ready);            // wakes all of them, in the order in which they came
 *
 * A flag that is set before a loop runs is set in the next one. It is for tasks of one loop, not for threads.
 * Algorithm: CPython 3.11's Event (Lib/asyncio/locks.py). All: the thread of the event's loop (-EPERM otherwise). */
#ifndef LEASH_EVENT_H
#define LEASH_EVENT_H

#include <leash/object.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_event {
    struct leash_object object;
} leash_event_t;

/* For a static event, or to be assigned: the same as leash_event_init. It is not set. */
#define LEASH_EVENT_INIT(name)                                                                                         \
    {                                                                                                                  \
        LEASH_OBJECT_INIT(name)                                                                                        \
    }
#define leash_event_init(event, name)                                                                                  \
    leash__object_init(&(event)->object, (name), leash__object_made(LEASH_SITE("leash_event_init")))

/* Suspends the calling task until the flag is set; returns at once if it is. Who was woken goes on, even if the flag
 * was cleared meanwhile. 0; -ECANCELED; -EPERM not inside a task; -EINVAL it is NULL or no event; -ENOMEM. */
#define leash_event_wait(event) leash__event_wait((event), LEASH_SITE("leash_event_wait"))
/* Sets the flag and wakes all that wait. Never suspends; need not be in a task. 0; -EINVAL, -ENOMEM. */
#define leash_event_set(event) leash__event_set((event), LEASH_SITE("leash_event_set"))
/* Takes the flag down; wakes nobody. Never suspends; need not be in a task. 0; -EINVAL, -ENOMEM. */
#define leash_event_clear(event) leash__event_clear((event), LEASH_SITE("leash_event_clear"))
/* 1 set, 0 not, -EINVAL, -EPERM, -ENOMEM. */
LEASH_API int leash_event_is_set(leash_event_t *event);
/* Gives its memory back; it can be used again as if new, not set. 0; -EBUSY tasks wait for it; -EINVAL; -EPERM. */
LEASH_API int leash_event_destroy(leash_event_t *event);

LEASH_API int leash__event_wait(leash_event_t *event, struct leash_site *site);
LEASH_API int leash__event_set(leash_event_t *event, struct leash_site *site);
LEASH_API int leash__event_clear(leash_event_t *event, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
