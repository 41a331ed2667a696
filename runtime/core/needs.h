/* What a wait needs: the tasks on whom alone its end depends, where these can be known. What anybody may bring about, a
 * descriptor, a timer, whoever has a future's handle, needs nobody. Many may wait for one gather, or for one object
 * that many hold: such are named themselves, and have needs of their own. */
#ifndef LEASH_CORE_NEEDS_H
#define LEASH_CORE_NEEDS_H

#include <stdbool.h>

struct leash__cell;
struct leash__frame;
struct leash__fut;
struct leash__task;

enum leash__need {
    LEASH__NEEDS_ANYBODY, /* those that were named do not count */
    LEASH__NEEDS_ALL,     /* all of those that were named */
    LEASH__NEEDS_ONE      /* any one of them */
};

struct leash__needs {
    bool standing; /* nothing can happen any more: nobody else will do what those who are named do not */
    /* The cell of an unfinished task, of the future of an unfinished gather, or of an object. */
    void (*name)(struct leash__needs *needs, struct leash__cell *cell);
    bool shielded; /* becomes true where something is behind a shield, whose future anybody may set by hand */
};

/* Of an unfinished task that waits, or of what else is named. A cancellation is none of them. */
enum leash__need leash__needs_of(struct leash__cell *cell, struct leash__needs *needs);
/* Whether what waits for this has needs that can be known; beside those of an object's line. */
bool leash__needs_may_know(const struct leash__fut *fut);
/* Names what the cell is, if it is an unfinished task. False: it is not. */
bool leash__needs_name(struct leash__needs *needs, struct leash__cell *cell);
/* Names what the cell is, if it is an unfinished task or gather, be it behind shields. False: others may bring about
 * its end. */
bool leash__needs_name_end(struct leash__needs *needs, struct leash__cell *cell);

/* wait.c, wait_for.c and shield.c: of their waiters (LEASH__FUT_WAIT; LEASH__FUT_WAIT_FOR and _WAIT_CANCELLED), and
 * what is behind a shield's future (NULL: it is no shield's). */
enum leash__need leash__wait_needs(const struct leash__fut *waiter, struct leash__needs *needs);
void leash__wait_name(const struct leash__fut *waiter, struct leash__needs *needs);
struct leash__cell *leash__wait_for_cell(const struct leash__fut *waiter);
struct leash__cell *leash__shield_inner(const struct leash__cell *cell);

/* Names the unfinished tasks that it waits for, itself or together with others, whatever the end of its wait needs. */
void leash__needs_awaited(const struct leash__task *task, struct leash__needs *needs);

/* Names what a cancellation of the task, or gather, would reach: what it awaits, its members, those of its groups. */
void leash__needs_cancelled(struct leash__cell *cell, struct leash__needs *needs);
/* Names whom time limits of these bodies, the innermost first, are about to cancel: who runs them, or ran the
 * generator that opened one. */
void leash__needs_limited(const struct leash__frame *frame, struct leash__needs *needs);

#endif
