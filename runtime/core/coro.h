/* Coroutines and bodies: calls not yet run, and functions that run. */
#ifndef LEASH_CORE_CORO_H
#define LEASH_CORE_CORO_H

#include "scope.h"
#include "types.h"

/* Tells the trace of a coroutine that was made before anybody recorded. */
void leash__coro_event(struct leash__thread *thread, const struct leash__cell *cell);
/* From now on a coroutine belongs to `loop`; one that met none before is on no list then. */
void leash__coro_bind(struct leash__cell *cell, struct leash__loop *loop);
/* Marks a coroutine as taken by `loop`; from then on the caller owns the cell. */
void leash__coro_take(struct leash__cell *cell, struct leash__loop *loop);

/* A function of the program begins to run as the innermost body of the task, on this stack. `cell` is its coroutine's;
 * NULL: it has none. */
static inline void leash__body_begin(struct leash__task *task, struct leash__cell *cell, struct leash__frame *frame)
{
    *frame = (struct leash__frame){.up = task->frame, .cell = cell, .before = task->last_failure};
    task->last_failure = NULL;
    task->frame = frame;
}
/* It has returned `code`: closes what it left open, and says what the code is now. */
static inline int leash__body_end(struct leash__task *task, struct leash__frame *frame, int code)
{
    code = leash__scopes_close(task, frame, code);
    task->frame = frame->up;
    return code;
}
/* Calls the coroutine's function in this way; fills the frame and returns the code. */
int leash__body_run(struct leash__task *task, struct leash__cell *cell, struct leash__frame *frame);

/* How a body ended, said in the terms of a future. */
struct leash__ending {
    enum leash__fut_state state;
    int code;
    struct leash__failure *failure; /* a reference for whoever takes the ending */
};
/* Sorts out code and failure (its own, or the one it passes on) of a body; drops the result unless it ended well. */
struct leash__ending leash__body_ending(struct leash__task *task, struct leash__frame *frame, int code);
/* Lets go of what bodies that will not run on left in their frames, from the innermost outwards; how many deferred
 * functions will not run. */
unsigned leash__frames_drop(struct leash__frame *innermost);
/* The running task, which runs a body; outside of bodies NULL, and it is said (-EPERM). */
struct leash__task *leash__body_needed(const char *call);

#endif
