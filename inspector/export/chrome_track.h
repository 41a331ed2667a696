/* One track of a chrome trace: slices that begin and end, always nested, never back in time. */
#ifndef LEASH_INSPECTOR_CHROME_TRACK_H
#define LEASH_INSPECTOR_CHROME_TRACK_H

#include "emit.h"

#define CHROME_DEPTH 64 /* slices within slices; deeper ones are left out and counted */

/* The groups of tracks. */
enum chrome_process { CHROME_TASKS = 1, CHROME_THREADS = 2 };

/* An arrow from where something ended to who waited for it. */
struct chrome_flow {
    int64_t id; /* 0: none */
    int64_t from_track, from_ns;
};

struct chrome_slice {
    const char *name, *category;
    int64_t began_ns, ended_ns;
    bool unfinished; /* it was still going on when the run ended */
    bool wait; /* ends, at the latest, when the next slice of its track begins: a task waits for one thing at a time */
    struct chrome_flow flow; /* arrives at its end */
};

struct chrome_track {
    struct emit *emit;
    enum chrome_process process;
    int64_t id;
    int64_t now_ns;
    size_t depth;
    struct {
        int64_t ended_ns;
        bool wait;
        struct chrome_flow flow;
    } open[CHROME_DEPTH];
    size_t too_deep; /* slices left out */
};

void chrome_track_open(struct chrome_track *track, enum chrome_process process, int64_t id, const char *name);
/* Begins a slice and leaves the event's object open for "args"; false: it was left out. chrome_begin_done() ends it. */
bool chrome_begin(struct chrome_track *track, const struct chrome_slice *slice);
void chrome_begin_done(struct chrome_track *track);
/* The same without args. */
void chrome_slice(struct chrome_track *track, const struct chrome_slice *slice);
/* Ends what is open. */
void chrome_track_close(struct chrome_track *track);

/* The first fields of an event: the caller adds more and closes it. */
void chrome_event(struct emit *emit, const char *phase, enum chrome_process process, int64_t track, int64_t at_ns);
/* {"ph":"M", "name":what, ..., "args":{"name":text}} */
void chrome_name(struct emit *emit, enum chrome_process process, int64_t track, const char *what, const char *text);

#endif
