/* The pulse of a loop: by it the watchdog (watch/blocked) sees from another thread what lasts too long. A store or two
 * a step, no clock: the watchdog looks at the numbers every now and then, and at its own clock.
 *
 * What it finds it writes down and marks as noticed. The loop learns of that when the next step begins, and tells who
 * was late, and how long it was. */
#ifndef LEASH_CORE_PULSE_H
#define LEASH_CORE_PULSE_H

#include <stdbool.h>
#include <stdint.h>

struct leash__loop;
struct leash__callback;
struct leash__stack_entry;

struct leash__pulse {
    uint64_t turn; /* odd while an iteration runs, another number in each; atomic */
    uint64_t step; /* steps and callbacks that have begun; atomic */
    bool noticed;  /* what runs, or its iteration, lasts too long; atomic, cleared by the loop */
    bool detour;   /* tasks go back to the loop instead of on to the next one: noticed, or the process forked; atomic */
    bool watched;  /* the watchdog knows the loop */

    /* Set by the watchdog before `noticed`, then only read. */
    uint64_t block;           /* its number in the trace */
    uint64_t began;           /* ns of the system's clock: it had begun by then */
    bool by_iteration;        /* no step of it was too long so far */
    uint64_t task;            /* that ran; 0: a callback */
    char name[64];            /* of the task */
    struct leash__node *last; /* the last that was ready then; NULL: none was. Only to be compared */
    struct leash_site *site;  /* where it was made; may be NULL */
    /* "in sleep (libc.so.6), called by fetch src/app.c:12"; set later, for the names take a while. */
    char where[256];
    bool where_known; /* atomic */

    /* The loop's own, while something is noticed. */
    bool late_told;
    unsigned late; /* tasks that were ready, or whose time had come */
};

/* Something was noticed: before `next` runs, or (NULL) at the end of the iteration. */
void leash__pulse_answer(struct leash__loop *loop, struct leash__callback *next, bool iteration_ends);

static inline void leash__pulse_count(uint64_t *number, uint64_t more)
{
    __atomic_store_n(number, *number + more, __ATOMIC_RELAXED);
}

static inline bool leash__pulse_noticed(const struct leash__pulse *pulse)
{
    return __builtin_expect(__atomic_load_n(&pulse->noticed, __ATOMIC_ACQUIRE), 0);
}

#endif
