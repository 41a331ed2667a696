/* Turns: coroutines that one body awaits inline, one right after the other, though none of them seems to need another:
 * DESIGN's `serial-awaits`. Told as facts of these coroutines, for the rule to find.
 *
 * What is known of a body's last one lives in memory only: a sequence that is cut by the end of a fold is told less of,
 * never more. */
#ifndef LEASH_FOLD_TURNS_H
#define LEASH_FOLD_TURNS_H

#include "state.h"

/* A coroutine that waited for less is not worth a word. */
#define LEASH__TURN_LEAST_NS 10000000u

/* The task's innermost body does something else than to await a coroutine. */
void leash__turns_break(struct leash__task *task);
/* The task's innermost body has awaited this one, which is over. 0, -ENOMEM. */
int leash__turns_next(struct leash_fold *fold, struct leash__task *task, struct leash__coro *coro);

#endif
