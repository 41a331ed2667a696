/* The inbox: how other threads, and signal handlers, reach a loop. A letter is put in by any thread and delivered by
 * the loop's; the bell wakes the loop where it sleeps. */
#ifndef LEASH_CORE_INBOX_H
#define LEASH_CORE_INBOX_H

#include <stdbool.h>
#include <stdint.h>

struct leash__loop;

struct leash__letter {
    struct leash__letter *next; /* while it is in an inbox */
    /* On the loop's thread, between two callbacks. `loop` NULL: the loop ended before; on some thread, which may hold
     * locks of the loop's end: it only frees, or tells who waits. */
    void (*deliver)(struct leash__letter *letter, struct leash__loop *loop);
};

struct leash__inbox {
    struct leash__letter *letters; /* newest first; atomic */
    bool rung;                     /* there may be something to look at; atomic */
    int bell;                      /* an eventfd; -1: nobody can reach the loop but its own thread */
};

/* 0; -errno (EMFILE, ENOMEM): without a bell. */
int leash__inbox_open(struct leash__inbox *inbox);
void leash__inbox_close(struct leash__inbox *inbox);
/* Whoever sleeps on the bell wakes. Async-signal-safe. */
void leash__inbox_ring(struct leash__inbox *inbox);
static inline bool leash__inbox_rung(const struct leash__inbox *inbox)
{
    return __atomic_load_n(&inbox->rung, __ATOMIC_RELAXED);
}
/* Delivers all letters, in the order in which they came. */
void leash__inbox_empty(struct leash__inbox *inbox, struct leash__loop *loop);

/* ---- loops, as others know them ---- */

/* Makes the loop's inbox known under its id, with a bell; again is harmless. 0, -errno. The loop's thread. */
int leash__loop_expose(struct leash__loop *loop);
/* From now on nobody reaches it; what still lies in the inbox is told that it is too late. */
void leash__loop_withdraw(struct leash__loop *loop);
/* Any thread. 0; -ESTALE: there is no such loop (any more), the letter stays the caller's. */
int leash__loop_post(uint64_t id, struct leash__letter *letter);
/* The same without a letter: the loop looks around. False: there is no such loop. */
bool leash__loop_ring(uint64_t id);
/* Before a fork, and after it in both processes. */
void leash__loops_lock(void);
void leash__loops_unlock(void);
/* In a forked child: nobody's inbox is known. */
void leash__loops_forget_all(void);

#endif
