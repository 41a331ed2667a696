/* Events: how the scheduler tells what happened. The hot path is here, inline; where the slots come from is the
 * recorder's business (record/), which implements the functions declared below. When no trace is on, `at` is NULL for
 * good and an event costs one predictable branch.
 *
 * Amortised clock: the clock is read only where a task stops running (kinds marked T); create and start reuse that
 * time. */
#ifndef LEASH_CORE_EVENT_H
#define LEASH_CORE_EVENT_H

#include <leash/site.h>
#include <stdbool.h>
#include <stddef.h>
#include <trace_format.h>

struct leash__recorder; /* record's: one a thread that records */

/* One a thread; lives in the thread's state and is handed to the recorder at leash__record_thread(). */
struct leash__events {
    uint64_t *at;                     /* next free slot; NULL while this thread records nothing */
    uint64_t *end;                    /* one past the last whole slot of the segment */
    uint64_t stamp;                   /* generation << 40: the upper part of word 0 */
    uint64_t base_ns;                 /* of the segment */
    uint64_t last_ns;                 /* time of the last timed event */
    bool steps;                       /* level steps: RESUME and SUSPEND too. False while `at` is NULL */
    bool stacks;                      /* a STACK event at each creation. False while `at` is NULL */
    struct leash__recorder *recorder; /* valid while `at` is not NULL */
};

/* ---- implemented by record/ ---- */

/* Makes room for `slots` slots in one segment: takes the next segment, waits for the writer or drops (then counts, and
 * returns false). Sets at, end, stamp, base_ns. */
bool leash__events_room(struct leash__events *events, unsigned slots);
/* The number of a site, defining it in the spool first. Called once a site and process, or when its id is 0. */
uint32_t leash__site_define(struct leash__events *events, struct leash_site *site);
/* A record with text (kinds marked X). `c` is the length, at most LEASH_TEXT_MAX (longer is cut). */
void leash__events_text(struct leash__events *events, unsigned kind, struct leash_site *site, uint64_t a, uint64_t b,
                        const void *text, size_t length);
/* The number of the caller's stack, defined in the trace; 0: it is not known, or nothing is recorded. `skip` frames of
 * the runtime are left out. */
uint64_t leash__events_stack_here(struct leash__events *events, unsigned skip);
/* The same of a stack that was seen before: by its number, which may be of an earlier trace. */
uint64_t leash__events_stack_again(struct leash__events *events, uint64_t number);
/* A STACK event for the caller's stack. */
void leash__events_stack(struct leash__events *events, uint64_t subject, enum leash_subject kind, unsigned skip);
/* CORO_FN: names the coroutine's function by address, for sites whose text is no plain function name. */
void leash__events_function(struct leash__events *events, uint64_t coro, void (*fn)(void));

/* A stack, kept once for good. Any thread may ask for one. */
struct leash__stack_entry;
struct leash__context;
/* The stack of what does not run: of contexts one inside the other, the innermost first, as a generator's body inside
 * its task. Walked once for all that look alike. NULL: there is none, or no memory. */
struct leash__stack_entry *leash__stack_suspended(const struct leash__context *const *parts, unsigned count);
/* Its number in the trace, in which it is defined; 0: it could not be, or nothing is recorded, or `entry` is NULL. */
uint64_t leash__stack_number(struct leash__events *events, struct leash__stack_entry *entry);
/* The stack of another thread of this process, which waits in the kernel, or (*runs) runs: then a signal that is free
 * is sent to it, and it is not disturbed else. Of what is deeper than 64 KiB the outer part may be missing. NULL: it
 * went on meanwhile, cannot be looked at, or blocks the signal. One at a time. */
struct leash__stack_entry *leash__stack_of_thread(int tid, bool *runs);
/* Whether a thread waits in the kernel: 1, 0 it runs or would, -1 it is not known. */
int leash__thread_waits(int tid);
/* Where the program itself called what it is in: the innermost frame of the file that the outermost one is of. */
size_t leash__stack_caller(const struct leash__stack_entry *entry);
/* Words for its frames, "fetch src/app.c:12", innermost first: they are looked up once, for all that want them
 * together, on a thread of its own, since that takes more stack than a coroutine has. Returns how many there are; they
 * stay. */
void leash__stack_wants_words(struct leash__stack_entry *entry);
size_t leash__stack_words(struct leash__stack_entry *entry, const char *const **words);

struct leash_options;
/* Called by leash_run before the loop begins, with effective options (environment already merged). Opens the process's
 * recorder if a trace is asked for and none is open, and joins this thread to it. 0 also when no trace is asked for;
 * -errno if the trace cannot be made (a message was printed): the program runs without. */
int leash__record_thread(struct leash__events *events, const struct leash_options *options);
/* The thread's last loop has ended: hands the segment over. The thread may record again later. */
void leash__record_thread_end(struct leash__events *events);
/* exit() was called while a loop ran: the trace will end as `exited`, else as `complete`. For the core's hook at exit,
 * once it has judged what is pending; the trace itself ends after all such hooks, in a destructor. */
void leash__record_exit(int exit_code);
/* In a forked child, whose events are off (`at` is NULL): from the next leash__record_thread on it records to a trace
 * of its own, path.PID. 0 also when no trace is asked for. */
int leash__record_after_fork(void);

/* ---- the hot path ---- */

static inline uint32_t leash__site_id(struct leash__events *events, struct leash_site *site)
{
    if (!site)
        return 0;
    uint32_t id = __atomic_load_n(&site->id, __ATOMIC_ACQUIRE);
    return __builtin_expect(id != 0, 1) ? id : leash__site_define(events, site);
}

static inline void leash__event_put(struct leash__events *events, unsigned kind, uint32_t site, uint64_t a, uint64_t b,
                                    uint64_t c)
{
    if (__builtin_expect(events->at + 3 > events->end, 0) && !leash__events_room(events, 1))
        return;
    uint64_t *slot = events->at;
    slot[1] = a << 24 | (c >> 24 & 0xffffff);
    slot[2] = b << 24 | (c & 0xffffff);
    __atomic_store_n(&slot[0], events->stamp | (uint64_t)kind << 32 | site, __ATOMIC_RELEASE);
    events->at = slot + 3;
}

/* An event without a time. */
static inline void leash__event(struct leash__events *events, unsigned kind, struct leash_site *site, uint64_t a,
                                uint64_t b, uint64_t c)
{
    if (__builtin_expect(events->at != NULL, 0))
        leash__event_put(events, kind, leash__site_id(events, site), a, b, c);
}

/* An event at `now` (loop's clock, ns since the run began). */
static inline void leash__event_at(struct leash__events *events, unsigned kind, struct leash_site *site, uint64_t a,
                                   uint64_t b, uint64_t now)
{
    if (__builtin_expect(events->at != NULL, 0)) {
        uint32_t id = leash__site_id(events, site);
        if (now < events->last_ns)
            now = events->last_ns; /* time never goes back within a thread */
        events->last_ns = now;
        if (__builtin_expect(events->at + 3 > events->end || (now - events->base_ns) >> 48, 0) &&
            !leash__events_room(events, 1))
            return;
        leash__event_put(events, kind, id, a, b, now - events->base_ns);
    }
}

#endif
