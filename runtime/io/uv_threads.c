#include "uv_threads.h"

#include <own_threads.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pid_t made_in; /* the process whose threads are counted; atomic. A forked child has none, and makes its own */

/* As libuv 1.44 counts them (src/threadpool.c). */
static unsigned how_many(void)
{
    enum { DEFAULT = 4, MOST = 1024 };
    const char *set = getenv("UV_THREADPOOL_SIZE");
    unsigned count = set ? (unsigned)atoi(set) : DEFAULT; // NOLINT: libuv's way of reading it
    return count == 0 ? 1 : count > MOST ? MOST : count;
}

void leash__uv_threads_enter(struct leash__uv_threads *self)
{
    sigset_t mask;
    pid_t process = getpid();
    self->first = __atomic_exchange_n(&made_in, process, __ATOMIC_RELAXED) != process;
    if (!self->first)
        return;
    leash__own_thread_mask(&mask);
    pthread_sigmask(SIG_SETMASK, &mask, &self->signals);
}

void leash__uv_threads_leave(struct leash__uv_threads *self)
{
    if (!self->first)
        return;
    pthread_sigmask(SIG_SETMASK, &self->signals, NULL);
    for (unsigned count = how_many(); count > 0; count--)
        leash__own_thread_begin();
}
