/* libuv's threads: made all at once by the first request of the process that needs them. They are made as the runtime's
 * own: they block all signals, and no loop takes them for threads that could wake it. */
#ifndef LEASH_IO_UV_THREADS_H
#define LEASH_IO_UV_THREADS_H

#include <signal.h>
#include <stdbool.h>

struct leash__uv_threads {
    bool first;
    sigset_t signals; /* valid if first */
};

/* Around a request that libuv does on a thread. */
void leash__uv_threads_enter(struct leash__uv_threads *self);
void leash__uv_threads_leave(struct leash__uv_threads *self);

#endif
