/* Threads of this process, and those among them that are the runtime's own: they wake no loop of themselves. */
#ifndef LEASH_BASE_OWN_THREADS_H
#define LEASH_BASE_OWN_THREADS_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* All that there are; 0: the kernel does not say. */
unsigned leash__process_threads(void);

/* What one of them blocks: all signals, since those are the program's, but what was let in. */
void leash__own_thread_mask(sigset_t *out);
/* Those that begin from now on take this one: a scan may stop them by it (stop_signal of struct leash_options). */
void leash__own_threads_let_in(int signal);
/* Starts one, with that mask. 0, -errno of pthread_create. */
int leash__own_thread_start(pthread_t *thread, void *(*main)(void *argument), void *argument);
/* Called on such a thread, first and last. Any number at a time. */
void leash__own_thread_begin(void);
void leash__own_thread_end(void);
unsigned leash__own_threads(void);
/* Sets the calling one aside, until its end: it runs nothing of the program's and carries no handle from one place to
 * another, so memory may be searched for handles beside it, but for its stack. Where there is no room for one more it
 * counts as any other. */
void leash__own_thread_set_aside(void);
bool leash__own_thread_is_aside(int tid); /* by its number (gettid); async-signal-safe */
unsigned leash__own_threads_aside(void);
/* In a forked child: none of them is there. */
void leash__own_threads_forget(void);

#endif
