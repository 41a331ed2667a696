/* Coroutine objects, the tasks they become and the variables that hold them. */
#ifndef LEASH_SCRIPT_COROS_H
#define LEASH_SCRIPT_COROS_H

#include "run.h"

/* A new coroutine object of the body. */
struct coro *coro_make(struct run *run, struct body *body);
/* It is about to become a task: gives it the next number. */
void coro_to_task(struct coro *coro);
/* It is about to run inside the frame's task. */
void coro_to_frame(struct coro *coro, const struct frame *frame);
/* The task that runs it is known now. */
void coro_met(struct coro *coro, leash_task_t task);

/* Writes a variable: it holds a claim of its own until it is written again. The creator's claim stays beside it, so
 * that nothing goes before the run ends. */
void var_write(struct var *var, enum thing_kind kind, leash_awaitable_t handle, struct coro *coro);

#endif
