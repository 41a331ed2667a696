/* A recorder in memory: the events of the scheduler as a list, for tests of the core alone. */
#ifndef LEASH_TEST_SINK_H
#define LEASH_TEST_SINK_H

#include <leash.h>
#include <stdbool.h>
#include <stdint.h>

struct sink_event {
    unsigned kind;
    uint64_t a, b, c;
    char text[96];
};

/* From the next leash_run on events are kept; off by default. */
void sink_on(bool steps);
/* Forgets all and records no more. */
void sink_off(void);
size_t sink_count(void);
const struct sink_event *sink_event(size_t i);
/* The n-th event (from 0) of a kind, NULL if there is none. */
const struct sink_event *sink_find(unsigned kind, size_t n);
size_t sink_count_of(unsigned kind);

/* A string as an argument: -Wwrite-strings makes literals const. */
static inline void *text(const char *literal)
{
    return (void *)(uintptr_t)literal;
}

/* Runs fn(arg) under the virtual clock, without a scan, quietly; returns leash_run's code. */
int run_virtual(leash_fn_t fn, void *arg);
/* The same with options of the caller, whose unset fields become those of run_virtual. */
int run_options(leash_fn_t fn, void *arg, struct leash_options *options);

#endif
