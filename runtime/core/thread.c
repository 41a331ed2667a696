/* Threads that met leash: their state, ids, and what fork, exit and their end mean for it. */
#include "types.h"

#include <arena.h>
#include <errno.h>
#include <own_threads.h>
#include <pthread.h>
#include <stdlib.h>

#include "interrupt.h"
#include "judge.h"
#include "leak_scope.h"
#include "local.h"
#include "loop.h"
#include "misuse.h"
#include "options.h"
#include "patrol.h"
#include "ports.h"
#include "suspect.h"
#include "unbound.h"
#include "waitable.h"
#include "waker.h"

__thread struct leash__thread *leash__self_pointer;

static struct leash__thread *threads; /* all that ever were; atomic, grows at the head */
static uint64_t ids_given[4];         /* atomic */
static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool forked_child; /* until leash_after_fork: what this process ends with is its parent's business */

/* Whoever adopts the state begins anew; coroutines that it made and that met no loop are judged with the process. */
static void thread_ended(void *argument)
{
    struct leash__thread *thread = argument;
    if (thread->loop)
        leash__run_cut_short(thread->loop);
    leash__leak_scopes_left(0, NULL);
    leash__record_thread_end(&thread->events);
    leash__locals_unref(thread->locals);
    thread->locals = NULL;
    thread->error[0] = '\0';
    __atomic_store_n(&thread->declared, false, __ATOMIC_RELAXED);
    leash__self_pointer = NULL;
    __atomic_store_n(&thread->owned, false, __ATOMIC_RELEASE);
}

/* A fork must not find them taken. */
static void lock_all(void)
{
    leash__suspects_lock();
    leash__unbound_lock();
    leash__leak_scopes_lock();
    leash__loops_lock();
    leash__wakers_lock();
}

static void unlock_all(void)
{
    leash__wakers_unlock();
    leash__loops_unlock();
    leash__leak_scopes_unlock();
    leash__unbound_unlock();
    leash__suspects_unlock();
}

/* The child of a fork: all loops go on in the parent only. */
static void in_child(void)
{
    struct leash__thread *self = leash__self_pointer;
    leash__suspects_forget();
    unlock_all();
    leash__loops_forget();
    leash__loops_forget_all();
    leash__own_threads_forget();
    leash__patrol_forget();
    leash__interrupt_forget();
    forked_child = true;
    if (!self || !self->loop)
        return;
    self->loop->dead = self->loop->pulse.detour = true;
    self->loop = NULL;
}

static void prepare(void)
{
    leash__handle_init();
    leash__clock_system();
    pthread_key_create(&at_thread_end, thread_ended);
    pthread_atfork(lock_all, unlock_all, in_child);
}

static struct leash__thread *adopt(void)
{
    struct leash__thread *thread = __atomic_load_n(&threads, __ATOMIC_ACQUIRE);
    for (; thread; thread = thread->next) {
        bool free = false;
        if (__atomic_compare_exchange_n(&thread->owned, &free, true, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return thread;
    }
    thread = leash__arena_map(sizeof *thread);
    if (!thread)
        return NULL;
    thread->owned = true;
    leash__list_init(&thread->coros);
    leash__clock_init(&thread->clock);
    thread->next = __atomic_load_n(&threads, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&threads, &thread->next, thread, true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        ;
    return thread;
}

struct leash__thread *leash__thread_make(void)
{
    struct leash_options options;
    pthread_once(&once, prepare);
    struct leash__thread *thread = adopt();
    if (!thread)
        return NULL;
    leash__self_pointer = thread;
    pthread_setspecific(at_thread_end, thread);
    /* The trace begins here and not with the first loop: what happens before is part of the story. */
    if (leash__options_effective(NULL, &options) == 0)
        leash__thread_record(thread, &options, false);
    return thread;
}

void leash__threads_each(void (*fn)(const struct leash__thread *thread, void *argument), void *argument)
{
    for (const struct leash__thread *any = __atomic_load_n(&threads, __ATOMIC_ACQUIRE); any; any = any->next)
        fn(any, argument);
}

unsigned leash__threads_declared(void)
{
    unsigned count = 0;
    for (struct leash__thread *any = __atomic_load_n(&threads, __ATOMIC_ACQUIRE); any; any = any->next)
        count += any != leash__self_pointer && __atomic_load_n(&any->owned, __ATOMIC_RELAXED) &&
                 __atomic_load_n(&any->declared, __ATOMIC_RELAXED);
    return count;
}

uint64_t leash__id_refill(struct leash__thread *thread, enum leash__id_kind kind)
{
    enum { BLOCK = 256 };
    thread->ids[kind] = __atomic_fetch_add(&ids_given[kind], BLOCK, __ATOMIC_RELAXED) + 1;
    thread->ids_end[kind] = thread->ids[kind] + BLOCK;
    return thread->ids[kind]++;
}

/* ---- the end of the process ---- */

static void at_process_end(int code, void *argument)
{
    struct leash__thread *self = forked_child ? NULL : leash__self();
    (void)argument;
    leash__context_process_ends();
    if (!self)
        return;
    if (self->loop)
        leash__loop_exited(self->loop);
    if (leash__loops_running() > 0)
        leash__record_exit(code);
    for (struct leash__thread *any = __atomic_load_n(&threads, __ATOMIC_ACQUIRE); any; any = any->next)
        leash__judge_orphans(any);
    leash__suspects_tell();
    leash__leak_scopes_end();
    leash__record_thread_end(&self->events);
}

/* How to report is said by the first loop; until there is one, by the environment alone. A trace makes the report,
 * which is of what was judged while there was none, needless. */
static void report_at_end(const struct leash_options *options, bool by_loop, bool traced)
{
    static bool hooked, said; /* atomic */
    bool first = !__atomic_exchange_n(&hooked, true, __ATOMIC_RELAXED);
    if (by_loop ? !__atomic_exchange_n(&said, true, __ATOMIC_RELAXED) : first)
        leash__leak_report_at_exit(traced ? 0 : options->report, traced ? 0 : options->exitcode);
    if (first)
        on_exit(at_process_end, NULL);
}

/* What was made before anybody recorded. */
static void tell_unbound(struct leash__thread *thread, const struct leash__cell *cell)
{
    if (cell->kind == LEASH__CELL_OBJECT)
        leash__waitable_event(thread, cell);
    else
        leash__coro_event(thread, cell);
}

void leash__thread_record(struct leash__thread *thread, const struct leash_options *options, bool by_loop)
{
    thread->quiet = !options->report;
    bool was_on = thread->events.at != NULL;
    leash__record_thread_end(&thread->events); /* joins anew, with the options of this loop */
    leash__record_thread(&thread->events, options);
    report_at_end(options, by_loop, thread->events.at != NULL);
    if (!was_on)
        leash__unbound_each(thread, tell_unbound);
}

void leash__threads_unbound(void (*fn)(struct leash__cell *cell, void *arg), void *arg)
{
    for (struct leash__thread *any = __atomic_load_n(&threads, __ATOMIC_ACQUIRE); any; any = any->next)
        leash__unbound_walk(any, fn, arg);
}

int leash_after_fork(void)
{
    struct leash__thread *self = leash__self();
    if (!self)
        return -ENOMEM;
    if (!forked_child)
        return 0;
    forked_child = false;
    for (struct leash__thread *any = __atomic_load_n(&threads, __ATOMIC_ACQUIRE); any; any = any->next)
        while (leash__unbound_pop(any)) /* they are the parent's to answer for, but can be run here too */
            ;
    return leash__record_after_fork();
}

bool leash__forked(void)
{
    return forked_child;
}

int leash__no_loop(const char *call, struct leash_site *site)
{
    if (forked_child)
        return leash__misuse(LEASH_MISUSE_NO_LOOP, site, -ECHILD,
                             "%s: the loops of a forked child are dead; call leash_after_fork() first", call);
    return leash__misuse(LEASH_MISUSE_NO_LOOP, site, -EPERM, "%s: no running event loop", call);
}
