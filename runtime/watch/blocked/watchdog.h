/* The watchdog's own: what it knows of a loop, and what it does when something lasts too long. */
#ifndef LEASH_WATCH_WATCHDOG_H
#define LEASH_WATCH_WATCHDOG_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>
#include <types.h>

/* Since when something is as it is, and the thread's processor time then; ns. */
struct leash__since {
    uint64_t began, processor;
};

struct leash__watched {
    struct leash__watched *next;
    struct leash__loop *loop;
    pid_t tid;           /* of its thread */
    clockid_t processor; /* its thread's */
    uint64_t limit;      /* ns */
    uint64_t turn, step; /* as of the last look */
    bool moved;          /* between the last two looks */
    struct leash__since iteration, one_step;
    uint64_t told_turn; /* the iteration of which something was told; 0: none */
};

/* Looks at what runs, writes it down in the loop's pulse, tells the trace and standard error. Nothing if it went on
 * meanwhile. The loop must live; the watchdog's lock is not held, for this takes a while and other locks. */
void leash__block_found(struct leash__watched *watched, const struct leash__since *since, bool by_iteration);
/* In a forked child: what it records to is the parent's. */
void leash__block_forget(void);

#endif
