#include "own_threads.h"

#include <signal.h>
#include <sys/stat.h>

static unsigned threads; /* atomic */
static int aside;        /* atomic */

unsigned leash__process_threads(void)
{
    enum { DOTS = 2 }; /* beside an entry a thread: the kernel counts them without listing them */
    struct stat tasks;
    return stat("/proc/self/task", &tasks) == 0 ? (unsigned)tasks.st_nlink - DOTS : 0;
}

int leash__own_thread_start(pthread_t *thread, void *(*main)(void *argument), void *argument)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(thread, NULL, main, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -rc;
}

void leash__own_thread_begin(void)
{
    __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
}

void leash__own_thread_end(void)
{
    __atomic_fetch_sub(&threads, 1, __ATOMIC_RELAXED);
}

unsigned leash__own_threads(void)
{
    return __atomic_load_n(&threads, __ATOMIC_RELAXED);
}

void leash__own_thread_aside(int tid)
{
    __atomic_store_n(&aside, tid, __ATOMIC_RELEASE);
}

int leash__own_thread_set_aside(void)
{
    return __atomic_load_n(&aside, __ATOMIC_ACQUIRE);
}

void leash__own_threads_forget(void)
{
    __atomic_store_n(&aside, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&threads, 0, __ATOMIC_RELAXED);
}
