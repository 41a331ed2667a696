/* Signals, as something that tasks wait for.
 *
 *     while (leash_signal_wait(SIGTERM) == 0) ...           // what comes while nobody waits is lost
 *
 *     leash_signal_t hangup = leash_signal_open(SIGHUP);    // what comes while nobody waits is counted
 *     while (leash_signal_next(hangup) > 0)
 *         reload();
 *     leash_signal_close(hangup);
 *
 * A signal that a loop waits for is caught for the whole process: whatever was to happen (the default, a handler of the
 * program's) does not. What was there before comes back when no loop is interested any more, and in a forked child. Any
 * loop of any thread may wait; each learns of every signal. Several of a kind that come at once may count as one, as
 * signals do. As long as a task waits for one, or a handler is set, the loop takes no standstill for the end.
 *
 * leash_run's own handling of SIGINT, and option dump's of SIGUSR1, step back for good once the program shows an
 * interest in these.
 *
 * No signal that can be waited for, -EINVAL: SIGKILL and SIGSTOP, which no one can catch; SIGSEGV, SIGBUS, SIGFPE and
 * SIGILL, which an instruction raises that would only be run again; what is no signal. A signal that is blocked in all
 * threads never comes. */
#ifndef LEASH_SIGNAL_H
#define LEASH_SIGNAL_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_signal_wait(number): suspends the calling task until that signal comes; each wakes all that waited when it
 * came. From the first call on the signal is caught until the loop ends, so that one that comes between two calls is
 * lost, but does no harm. 0; -ECANCELED; -EINVAL; -EPERM not inside a task; -EMFILE, -ENOMEM. */
#define leash_signal_wait(number) leash__signal_wait((number), LEASH_SITE("leash_signal_wait"))

typedef struct leash_signal_ *leash_signal_t;

/* leash_signal_open(number): from now on these signals are counted. Never suspends. It ends with its loop at the
 * latest. NULL and errno: EINVAL; EPERM no running event loop on this thread; EMFILE, ENOMEM. */
#define leash_signal_open(number) leash__signal_open((number), LEASH_SITE("leash_signal_open"))
/* leash_signal_next(signal): how many came since the last call; suspends the calling task until it is one at least. Of
 * several tasks that wait the first one gets them. -ECANCELED (nothing is lost then); -EPERM not inside a task, or
 * another thread's; -EINVAL no handle of this kind; -ESTALE closed, or its loop has ended. */
#define leash_signal_next(signal) leash__signal_next((signal), LEASH_SITE("leash_signal_next"))
/* Ends the interest. Never suspends. 0; -EBUSY tasks wait for it; -EINVAL, -ESTALE, -EPERM. */
LEASH_API int leash_signal_close(leash_signal_t signal);

/* asyncio's add_signal_handler: calls fn(number, arg) from the loop, once a signal, until it is taken back or the loop
 * ends; a later call for the same signal replaces the function. It must not wait. Never suspends. 0; -EINVAL, also if
 * fn is NULL; -EPERM no running event loop; -EMFILE, -ENOMEM. */
LEASH_API int leash_add_signal_handler(int number, void (*fn)(int number, void *arg), void *arg);
/* 1 taken back, 0 there was none; -EPERM no running event loop; -EMFILE, -ENOMEM. Never suspends. */
LEASH_API int leash_remove_signal_handler(int number);

LEASH_API int leash__signal_wait(int number, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_signal_t leash__signal_open(int number, struct leash_site *site);
LEASH_API int leash__signal_next(leash_signal_t signal, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
