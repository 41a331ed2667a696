/* One search of the program's memory for the values of handles. */
#ifndef LEASH_WATCH_SEARCH_H
#define LEASH_WATCH_SEARCH_H

#include "roots.h"
#include "stopper.h"

#include <blocks.h>
#include <ports.h>

struct leash__order {
    const struct leash__scan_request *request;
    const char *sp; /* the live end of the stack that the thread is on */
    struct leash__own_stack own;
    const struct leash__blocks *blocks; /* NULL: all of malloc's memory counts, be it reached or not */
    struct leash__stopper *stopper;     /* of the other threads; NULL: none had to be stopped */
    bool forked;                        /* in a snapshot */
    bool directly;                      /* in a process where faults are caught (faults.h) */
    pid_t late;                         /* the thread that could not be stopped; 0: it was not one */
};

struct leash__answer {
    uint64_t bytes;
    uint64_t ended_ns;    /* by the system's clock; valid if another process gave it */
    int rc;               /* 0, -ENOMEM, or the errno of what could not be read: then the rest means nothing */
    uint32_t *keepers;    /* as in the request; NULL: not asked for */
    unsigned char *found; /* 1 is added, nothing taken away */
};

/* No other thread may run but, without blocks, those that are set aside. Allocates from the arena only;
 * async-signal-safe. */
void leash__search(const struct leash__order *order, struct leash__answer *answer);

#endif
