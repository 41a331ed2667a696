/* A recorder for tests of backtraces: keeps definitions and STACK and CORO_FN events in memory. */
#ifndef FAKE_RECORDER_H
#define FAKE_RECORDER_H

#include <event.h>

enum { FAKE_KEPT = 4096 };

struct fake_definition {
    unsigned kind;
    uint64_t a, b;
    size_t length;
    char text[4096];
};

struct fake_event {
    unsigned kind;
    uint64_t a, b, c;
};

extern struct fake_definition fake_definitions[FAKE_KEPT];
extern unsigned fake_definitions_count;
extern unsigned fake_trace;  /* what leash__definitions_trace answers */
extern unsigned fake_refuse; /* so many definitions find no room */
extern __thread struct leash__events fake_events;

/* Begins with nothing kept; each thread that records calls fake_join first. */
void fake_reset(void);
void fake_join(void);
/* This thread's last event; false: none since the last call. */
bool fake_take(struct fake_event *out);
/* The definition of a number; NULL: none. */
const struct fake_definition *fake_find(unsigned kind, uint64_t id);
unsigned fake_count(unsigned kind);

#endif
