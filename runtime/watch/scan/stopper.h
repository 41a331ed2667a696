/* Holds every other thread of this process still while the caller looks at its memory, and lets it go on.
 *
 * A helper that shares the process's memory, but is a process of its own, traces them: only a process may trace
 * another's threads. A thread that is stopped so finishes its sleep afterwards as if nothing had been; only what the
 * kernel never restarts (epoll_wait, receiving with a timeout: signal(7)) ends with EINTR. Algorithm: LeakSanitizer's
 * (compiler-rt, sanitizer_stoptheworld_linux_libcdep.cpp), with PTRACE_SEIZE in place of PTRACE_ATTACH. Where that is
 * not allowed a signal may do, which cuts more short (handshake.h). That one is a collector's way: the Boehm-Demers-
 * Weiser collector's (pthread_stop_world.c), with futexes in place of semaphores and a second signal.
 *
 * A stopped thread may hold any lock. Between the two calls the caller must not call malloc, stdio, dl*, pthread or
 * whatever else of the program takes one; signals and cancellation are held back from it. */
#ifndef LEASH_WATCH_STOPPER_H
#define LEASH_WATCH_STOPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct leash__stopper; /* in the arena */

/* `signal`: that stops them where nobody may trace them; 0: nothing does. 0: none runs any more; *out is NULL if there
 * is none. -EPERM: the kernel lets nobody trace them (a debugger does already, or Yama, seccomp or credentials forbid
 * it), nor send them signals. -EAGAIN: no helper can be started. -ETIMEDOUT: one did not stop in time (it waits for a
 * program that it starts, or for a disk). -ECONNREFUSED: one blocks the signal. -EADDRINUSE: the program handles it.
 * -EINVAL: there is no such real-time signal. -ENOMEM. -ENODATA: /proc/self/task cannot be read. On failure none is
 * stopped, and *late says which one could not be, 0 if it was not one. Those that are set aside (own_threads.h) run
 * on. Of several callers each waits for its turn. */
int leash__threads_stop(struct leash__stopper **out, int signal, pid_t *late);
/* Calls fn for the registers of each: what they hold that stands nowhere in memory. `stopper` may be NULL. */
typedef void leash__registers_fn(const unsigned char *data, size_t size, void *argument);
void leash__threads_registers(const struct leash__stopper *stopper, leash__registers_fn *fn, void *argument);
/* Lets them go on, and frees it. False: the helper died, so they have been running for who knows how long. NULL: true.
 */
bool leash__threads_resume(struct leash__stopper *stopper);

#endif
