/* What a wait needs: the tasks on whom alone its end depends, where these can be known. What anybody may bring about, a
 * descriptor, a timer, whoever has a future's handle, needs nobody. */
#ifndef LEASH_CORE_NEEDS_H
#define LEASH_CORE_NEEDS_H

#include <stdbool.h>

struct leash__cell;
struct leash__fut;
struct leash__task;

enum leash__need {
    LEASH__NEEDS_ANYBODY, /* the tasks that were named do not count */
    LEASH__NEEDS_ALL,     /* all of the tasks that were named */
    LEASH__NEEDS_ONE      /* any one of them */
};

struct leash__needs {
    bool standing; /* nothing can happen any more: nobody else will do what those who are named do not */
    void (*name)(struct leash__needs *needs, struct leash__task *task);
};

/* Of an unfinished task that waits. A cancellation is none of its needs. */
enum leash__need leash__needs_of(const struct leash__task *task, struct leash__needs *needs);
/* Names what the cell is, if it is an unfinished task. False: it is not. */
bool leash__needs_name(struct leash__needs *needs, struct leash__cell *cell);

/* wait.c and wait_for.c: of their waiters (LEASH__FUT_WAIT, LEASH__FUT_WAIT_FOR). */
enum leash__need leash__wait_needs(const struct leash__fut *waiter, struct leash__needs *needs);
struct leash__cell *leash__wait_for_cell(const struct leash__fut *waiter);

/* Names whom a cancellation of the task would reach: what it awaits, the members of its groups. */
void leash__needs_cancelled(const struct leash__task *task, struct leash__needs *needs);
/* Whether a time limit is about to cancel the task itself: one of a scope that it is in. */
bool leash__needs_limited(const struct leash__task *task);

#endif
