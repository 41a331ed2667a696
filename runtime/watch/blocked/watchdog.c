/* The watchdog: a thread that looks at the pulse of every loop a few times within its limit, and finds what lasts
 * longer.
 *
 *     loop's thread    pulse: turn, step --looked at-->  watchdog: since when each is what it is
 *                      pulse: what was noticed <--write, then `noticed`-- the same, with the stack
 *
 * What it has not seen begin counts from when it first saw it: so it never says too much, and misses what is longer
 * than the limit by less than a quarter. Where the machine, and not the program, is slow it says nothing: if it was
 * kept from looking itself, all counts anew; and a thread that is on the processor, or would be, must have had it for
 * half of the limit. */
#include "watchdog.h"
#include "look.h"

#include <arena.h>
#include <errno.h>
#include <own_threads.h>
#include <pause.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <ports.h>

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif

enum {
    LOOKS = 4,     /* within the shortest limit */
    IDLE_LOOKS = 8 /* in a row that find every loop asleep: then it sleeps too */
};
static const uint64_t ns_per_ms = 1000000;

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));

bool leash__watchdog_sleeps;

static struct {
    pthread_mutex_t lock; /* of all below, and of a loop's life while it is looked at */
    pthread_cond_t wake;  /* a loop came, went or woke up; the end */
    pthread_cond_t begun; /* the thread, or what it told is over */
    struct leash__watched *loops;
    pthread_t thread;
    bool runs, ready, quit;
    const struct leash__watched *telling; /* of which something is told just now, without the lock */
    unsigned idle;                        /* looks in a row */
} dog = {.lock = PTHREAD_MUTEX_INITIALIZER, .begun = PTHREAD_COND_INITIALIZER};
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- what a look finds ---- */

/* The loop does not end meanwhile. */
static void tell(struct leash__watched *watched, const struct leash__since *since, bool by_iteration)
{
    dog.telling = watched;
    pthread_mutex_unlock(&dog.lock);
    leash__block_found(watched, since, by_iteration);
    pthread_mutex_lock(&dog.lock);
    dog.telling = NULL;
    pthread_cond_broadcast(&dog.begun);
}

static void look(struct leash__watched *watched, uint64_t now, bool overslept)
{
    const struct leash__since *since = leash__look(watched, now, overslept);
    if (since)
        tell(watched, since, since == &watched->iteration);
}

/* ---- the thread ---- */

static struct timespec monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now;
}

static uint64_t period(void)
{
    uint64_t shortest = 1000 * ns_per_ms;
    for (const struct leash__watched *watched = dog.loops; watched; watched = watched->next)
        shortest = watched->limit < shortest ? watched->limit : shortest;
    shortest /= LOOKS;
    return shortest < ns_per_ms ? ns_per_ms : shortest;
}

static void sleep_for(uint64_t ns)
{
    struct timespec until = monotonic();
    ns += (uint64_t)until.tv_nsec;
    until.tv_sec += (time_t)(ns / 1000000000u);
    until.tv_nsec = (long)(ns % 1000000000u);
    pthread_cond_timedwait(&dog.wake, &dog.lock, &until);
}

/* True if no loop has done anything since the last look. */
static bool all_are_idle(void)
{
    for (const struct leash__watched *watched = dog.loops; watched; watched = watched->next)
        if (watched->turn & 1 || watched->moved)
            return false;
    return true;
}

static void look_at_all(bool overslept)
{
    uint64_t now = leash__clock_system();
    for (struct leash__watched *watched = dog.loops; watched; watched = watched->next)
        look(watched, now, overslept);
}

/* Sleeps until a loop wakes it. It looks once more after it has said so: a loop that did not see it is seen then. */
static void sleep_long(void)
{
    bool said = __atomic_load_n(&leash__watchdog_sleeps, __ATOMIC_RELAXED);
    __atomic_store_n(&leash__watchdog_sleeps, true, __ATOMIC_SEQ_CST);
    if (!said && dog.loops)
        sleep_for(period());
    else
        pthread_cond_wait(&dog.wake, &dog.lock);
}

static void rest(void)
{
    dog.idle = all_are_idle() ? dog.idle + 1 : 0;
    if (dog.idle >= IDLE_LOOKS || !dog.loops) {
        sleep_long();
        return;
    }
    __atomic_store_n(&leash__watchdog_sleeps, false, __ATOMIC_RELAXED);
    sleep_for(period());
}

static void *watch(void *unused)
{
    uint64_t last = leash__clock_system(), pauses = 0;
    pthread_setname_np(pthread_self(), "leash-watch");
    leash__own_thread_begin();
    leash__own_thread_set_aside(); /* it copies stacks, to where nobody looks for handles */
    pthread_mutex_lock(&dog.lock);
    dog.ready = true;
    pthread_cond_broadcast(&dog.begun);
    while (!dog.quit) {
        uint64_t now = leash__clock_system();
        look_at_all(leash__paused_since(&pauses) || now - last > 3 * period());
        last = leash__clock_system();
        rest();
    }
    pthread_mutex_unlock(&dog.lock);
    leash__own_thread_end();
    return unused;
}

/* ---- from outside ---- */

static void lock(void)
{
    pthread_mutex_lock(&dog.lock);
}

static void unlock(void)
{
    pthread_mutex_unlock(&dog.lock);
}

/* The thread is not there, and the loops are the parent's. */
static void in_child(void)
{
    while (dog.loops) {
        struct leash__watched *next = dog.loops->next;
        leash__arena_unmap(dog.loops, sizeof *dog.loops);
        dog.loops = next;
    }
    dog.runs = dog.ready = dog.quit = false;
    dog.telling = NULL;
    leash__block_forget();
    unlock();
}

static void prepare(void)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&dog.wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_atfork(lock, unlock, in_child);
}

/* Returns when it counts as the runtime's own. 0; a negative errno. */
static int start(void)
{
    int rc = dog.runs ? 0 : leash__own_thread_start(&dog.thread, watch, NULL);
    dog.runs = rc == 0;
    while (dog.runs && !dog.ready)
        pthread_cond_wait(&dog.begun, &dog.lock);
    return rc;
}

/* Once a process: it is the same for the next loop. */
static void say_unwatched(const struct leash__loop *loop, int rc)
{
    static bool said; /* atomic */
    if (!loop->thread->quiet && !__atomic_exchange_n(&said, true, __ATOMIC_RELAXED))
        fprintf(stderr, "leash: loop %llu is not watched: if it is blocked, nothing tells (%s)\n",
                (unsigned long long)loop->id, strerror(-rc));
}

static bool is_slowed(void)
{
    return __asan_init || __tsan_init || __msan_init || RUNNING_ON_VALGRIND;
}

/* 0; a negative errno. */
static int join(struct leash__watched *watched)
{
    int rc = start();
    if (rc == 0)
        rc = -pthread_getcpuclockid(pthread_self(), &watched->processor);
    if (rc < 0)
        return rc;
    watched->next = dog.loops;
    dog.loops = watched;
    dog.idle = 0;
    watched->loop->pulse.watched = true;
    pthread_cond_signal(&dog.wake);
    return 0;
}

void leash__watchdog_begin(struct leash__loop *loop)
{
    if (!loop->options.blocked_ms || is_slowed())
        return;
    struct leash__watched *watched = leash__arena_map(sizeof *watched);
    int rc = -ENOMEM;
    if (watched) {
        pthread_once(&once, prepare);
        *watched = (struct leash__watched){
            .loop = loop, .tid = (pid_t)syscall(SYS_gettid), .limit = loop->options.blocked_ms * ns_per_ms};
        lock();
        rc = join(watched);
        unlock();
    }
    if (rc == 0)
        return;
    say_unwatched(loop, rc);
    if (watched)
        leash__arena_unmap(watched, sizeof *watched);
}

void leash__watchdog_end(struct leash__loop *loop)
{
    if (!loop->pulse.watched)
        return;
    lock();
    while (dog.telling && dog.telling->loop == loop)
        pthread_cond_wait(&dog.begun, &dog.lock);
    struct leash__watched **at = &dog.loops;
    while (*at && (*at)->loop != loop)
        at = &(*at)->next;
    struct leash__watched *watched = *at;
    if (watched)
        *at = watched->next;
    unlock();
    loop->pulse.watched = false;
    if (watched)
        leash__arena_unmap(watched, sizeof *watched);
}

void leash__watchdog_wake(void)
{
    lock();
    dog.idle = 0;
    __atomic_store_n(&leash__watchdog_sleeps, false, __ATOMIC_RELAXED);
    pthread_cond_signal(&dog.wake);
    unlock();
}

__attribute__((destructor)) static void at_exit(void)
{
    lock();
    bool runs = dog.runs;
    dog.quit = true;
    if (runs)
        pthread_cond_signal(&dog.wake);
    unlock();
    if (runs)
        pthread_join(dog.thread, NULL);
    dog.runs = false;
}
