#include "own_threads.h"

#include <arena.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static unsigned threads; /* atomic */
static uint64_t let_in;  /* bit a signal, the first at 1; atomic */

enum { ROOM = 4 };
static struct aside {
    int tid;     /* atomic; 0: the entry is free */
    void *stack; /* what the arena was told to leave out; NULL while it is */
} aside[ROOM];

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

static struct aside *entry_of(int tid)
{
    for (size_t i = 0; i < ROOM; i++) {
        if (__atomic_load_n(&aside[i].tid, __ATOMIC_ACQUIRE) == tid)
            return &aside[i];
    }
    return NULL;
}

static void take_back(struct aside *entry)
{
    leash__arena_include(entry->stack);
    entry->stack = NULL;
    __atomic_store_n(&entry->tid, 0, __ATOMIC_RELEASE);
}

void leash__own_thread_begin(void)
{
    __atomic_fetch_add(&threads, 1, __ATOMIC_RELAXED);
}

void leash__own_thread_end(void)
{
    struct aside *entry = entry_of(gettid());
    if (entry)
        take_back(entry);
    __atomic_fetch_sub(&threads, 1, __ATOMIC_RELAXED);
}

unsigned leash__own_threads(void)
{
    return __atomic_load_n(&threads, __ATOMIC_RELAXED);
}

/* An entry of this thread's, of which nobody knows yet. */
static struct aside *claim_entry(void)
{
    for (size_t i = 0; i < ROOM; i++) {
        int none = 0, claimed = -1;
        if (__atomic_compare_exchange_n(&aside[i].tid, &none, claimed, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return &aside[i];
    }
    return NULL;
}

void leash__own_thread_set_aside(void)
{
    pthread_attr_t attributes;
    size_t size = 0;
    struct aside *entry = claim_entry();
    if (!entry)
        return;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        pthread_attr_getstack(&attributes, &entry->stack, &size);
        pthread_attr_destroy(&attributes);
    }
    bool left_out = leash__arena_exclude(entry->stack, size) == 0;
    __atomic_store_n(&entry->tid, left_out ? gettid() : 0, __ATOMIC_RELEASE);
}

bool leash__own_thread_is_aside(int tid)
{
    return entry_of(tid) != NULL;
}

unsigned leash__own_threads_aside(void)
{
    unsigned count = 0;
    for (size_t i = 0; i < ROOM; i++)
        count += __atomic_load_n(&aside[i].tid, __ATOMIC_ACQUIRE) > 0;
    return count;
}

void leash__own_threads_forget(void)
{
    for (size_t i = 0; i < ROOM; i++) {
        if (__atomic_load_n(&aside[i].tid, __ATOMIC_RELAXED)) /* or it was about to be set */
            take_back(&aside[i]);
    }
    __atomic_store_n(&threads, 0, __ATOMIC_RELAXED);
}
