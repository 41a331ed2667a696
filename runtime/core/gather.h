/* Gather: one future for the outcomes of many. */
#ifndef LEASH_CORE_GATHER_H
#define LEASH_CORE_GATHER_H

#include <leash/await.h>

#include "needs.h"
#include "types.h"

/* One a distinct child: a double item has one. */
struct leash__gather_member {
    struct leash__callback callback; /* in the child's list until it is finished */
    struct leash__gather *gather;
    struct leash__cell *cell;
};

/* Hangs on its future's cell (drop): lives as long as that, and holds its children. */
struct leash__gather {
    struct leash__cell *cell;      /* of the gather's future */
    struct leash__cell **children; /* as given, doubles included */
    size_t count;
    struct leash__gather_member *members;
    size_t distinct, finished;
    struct leash_outcome *outcomes; /* the future's result; filled when it is finished well */
    uint64_t object;                /* id in the trace */
    bool return_failures;
    bool cancel_requested;
    /* while a cancellation walks through it (cancel.c) */
    bool on_path, walk_requested;
    size_t walk_next;
    struct leash__task *walk_waiter, *walk_path;
    struct leash__gather *walk_outer;
};

/* Of a future of kind LEASH__FUT_GATHER; valid while its cell is. */
struct leash__gather *leash__gather_of(const struct leash__fut *fut);
/* On whom its end depends. */
enum leash__need leash__gather_needs(const struct leash__gather *gather, struct leash__needs *needs);

#endif
