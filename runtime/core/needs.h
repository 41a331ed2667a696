/* What a wait needs: the tasks on whom alone its end depends, where these can be known. What anybody may bring about, a
 * descriptor, a timer, whoever has a future's handle, needs nobody. */
#ifndef LEASH_CORE_NEEDS_H
#define LEASH_CORE_NEEDS_H

#include <stdbool.h>
#include <stdint.h>

struct leash__cell;
struct leash__frame;
struct leash__fut;
struct leash__gather;
struct leash__task;

enum leash__need {
    LEASH__NEEDS_ANYBODY, /* the tasks that were named do not count */
    LEASH__NEEDS_ALL,     /* all of the tasks that were named */
    LEASH__NEEDS_ONE      /* any one of them */
};

struct leash__needs {
    bool standing; /* nothing can happen any more: nobody else will do what those who are named do not */
    void (*name)(struct leash__needs *needs, struct leash__task *task);
    /* Gathers may share members, be it gathers: each is gone through once, and what is in it after those before it. */
    uint64_t mark;                    /* on the cells of those that were met */
    struct leash__gather *met, *last; /* that have yet to be gone through; valid while there are some */
};

/* Of an unfinished task that waits. A cancellation is none of its needs. */
enum leash__need leash__needs_of(const struct leash__task *task, struct leash__needs *needs);
/* Whether what waits for this has needs that can be known; beside those of an object's line. */
bool leash__needs_may_know(const struct leash__fut *fut);
/* Names what the cell is, if it is an unfinished task. False: it is not. */
bool leash__needs_name(struct leash__needs *needs, struct leash__cell *cell);
/* Names on whom the end of what the cell is depends: an unfinished task, or a gather or shield of such. `all`: each of
 * them must come to its end (where one may be enough, none is named); else one that goes on may be enough. What is in
 * gathers is named by leash__needs_name_met. False: others may bring it about as well. */
bool leash__needs_name_end(struct leash__needs *needs, struct leash__cell *cell, bool all);
/* What is in the gathers that were met. False: others may bring about the end of one. */
bool leash__needs_name_met(struct leash__needs *needs, bool all);

/* wait.c, wait_for.c and shield.c: of their waiters (LEASH__FUT_WAIT; LEASH__FUT_WAIT_FOR and _WAIT_CANCELLED), and
 * what is behind a shield's future (NULL: it is no shield's). */
enum leash__need leash__wait_needs(const struct leash__fut *waiter, struct leash__needs *needs);
void leash__wait_name(const struct leash__fut *waiter, struct leash__needs *needs);
struct leash__cell *leash__wait_for_cell(const struct leash__fut *waiter);
struct leash__cell *leash__shield_inner(const struct leash__cell *cell);

/* Names the unfinished tasks that it waits for, itself or together with others, whatever the end of its wait needs. */
void leash__needs_awaited(const struct leash__task *task, struct leash__needs *needs);

/* Names whom a cancellation of the task would reach: what it awaits, the members of its groups; but not what is in
 * gathers that have the mark. */
void leash__needs_cancelled(const struct leash__task *task, struct leash__needs *needs);
/* Names whom time limits of these bodies, the innermost first, are about to cancel: who runs them, or ran the
 * generator that opened one. */
void leash__needs_limited(const struct leash__frame *frame, struct leash__needs *needs);

#endif
