#include "own_threads.h"

#include <stdint.h>
#include <sys/stat.h>

static unsigned threads; /* atomic */
static int aside;        /* atomic */
static uint64_t let_in;  /* bit a signal, the first at 1; atomic */

unsigned leash__process_threads(void)
{
    enum { DOTS = 2 }; /* beside an entry a thread: the kernel counts them without listing them */
    struct stat tasks;
    return stat("/proc/self/task", &tasks) == 0 ? (unsigned)tasks.st_nlink - DOTS : 0;
}

void leash__own_thread_mask(sigset_t *out)
{
    uint64_t taken = __atomic_load_n(&let_in, __ATOMIC_RELAXED);
    sigfillset(out);
    for (int signal = 1; signal <= 64; signal++)
        if (taken & UINT64_C(1) << (signal - 1))
            sigdelset(out, signal);
}

void leash__own_threads_let_in(int signal)
{
    if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        __atomic_fetch_or(&let_in, UINT64_C(1) << (signal - 1), __ATOMIC_RELAXED);
}

int leash__own_thread_start(pthread_t *thread, void *(*main)(void *argument), void *argument)
{
    sigset_t mask, before;
    leash__own_thread_mask(&mask);
    pthread_sigmask(SIG_SETMASK, &mask, &before);
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
