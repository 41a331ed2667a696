/* Wakers: who outside of a loop may still wake it, so that a standstill is told from a wait. */
#ifndef LEASH_WAKER_H
#define LEASH_WAKER_H

#include <leash/remote.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A declaration: something outside of leash may wake the loop: another thread, by leash_call_soon_threadsafe or
 * leash_run_coroutine_threadsafe; a signal handler; a descriptor that the program watches by itself. */
typedef struct leash_waker *leash_waker_t;

/* leash_waker_hold(loop, "name"): until it is released the loop takes no standstill for the end (-EDEADLK): it sleeps
 * until it is woken. The virtual clock goes on as without it. leash_dump() tells names and sites of what is held. The
 * name is copied; NULL: none.
 *
 * What a thread does here declares the thread as well: from then on, until it ends, it counts as one that wakes a loop
 * only while a waker is held. As long as threads exist that are neither leash's own nor declared, a loop whose handle
 * is known to others (leash_running_loop) waits for them at a standstill; after a second that is said on stderr, of
 * each loop once, and it is a warning if the process ends before they woke it.
 *
 * Any thread, not a signal handler: hold it before the handler is set. Free it with leash_waker_release, also once the
 * loop has ended. NULL and errno: ESTALE the loop has ended; EINVAL no loop's handle; ENOMEM. Never suspends. */
#define leash_waker_hold(loop, name) leash__waker_hold((loop), (name), LEASH_SITE("leash_waker_hold"))

/* It will not wake the loop any more; frees it. The loop looks around: if nothing else can wake it, its run ends. Any
 * thread, once; it need not be the one that held it. Not from a signal handler. 0; -EINVAL: NULL. */
LEASH_API int leash_waker_release(leash_waker_t waker);

LEASH_API leash_waker_t leash__waker_hold(leash_loop_t loop, const char *name, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
