/* The ops' functions, by what they are about: op_plain.c, op_await.c (waiting for one thing), op_many.c (for several),
 * op_block.c, op_sync.c (primitives). */
#ifndef LEASH_SCRIPT_OP_H
#define LEASH_SCRIPT_OP_H

#include "run.h"

typedef int (*op_function_t)(struct frame *frame, const struct op *op);
op_function_t op_function(enum op_id id);

int run_body(void *coro);

/* Which kinds of things an op takes. */
enum {
    TAKES_TASK = 1 << THING_TASK,
    TAKES_FUTURE = 1 << THING_FUTURE,
    TAKES_CORO = 1 << THING_CORO,
    TAKES_GROUP = 1 << THING_GROUP
};
#define TAKES_AWAITABLE (TAKES_TASK | TAKES_FUTURE | TAKES_CORO)

/* Whether the variable holds something that the op takes; a coroutine object only if it was never used. */
bool op_takes(const struct var *var, unsigned kinds);
/* Looks at all the words (variables, or else bodies), then makes coroutines of the bodies and gives every coroutine a
 * task's number, from left to right. *items lives as long as the run. 0, or -EINVAL before anything was made. */
int op_operands(struct frame *frame, const struct operand *words, size_t count, leash_awaitable_t **items);
/* The wait for `handle` (NULL: unknown) failed: remembers the script's own code. Returns rc. */
int op_failed(struct frame *frame, const void *handle, int rc);
/* An outcome in the log's words. `text` lives until the next failure is interned. */
const char *op_failure_text(struct frame *frame, const void *handle, int rc);

int op_log(struct frame *frame, const struct op *op);
int op_sleep(struct frame *frame, const struct op *op);
int op_spawn(struct frame *frame, const struct op *op);
int op_make(struct frame *frame, const struct op *op);
int op_future(struct frame *frame, const struct op *op);
int op_set(struct frame *frame, const struct op *op);
int op_setfail(struct frame *frame, const struct op *op);
int op_cancel(struct frame *frame, const struct op *op);
int op_done(struct frame *frame, const struct op *op);
int op_fail(struct frame *frame, const struct op *op);
int op_return(struct frame *frame, const struct op *op);
int op_await(struct frame *frame, const struct op *op);
int op_call(struct frame *frame, const struct op *op);
int op_wait_for(struct frame *frame, const struct op *op);
int op_shield(struct frame *frame, const struct op *op);
int op_gather(struct frame *frame, const struct op *op);
int op_gather_all(struct frame *frame, const struct op *op);
int op_wait(struct frame *frame, const struct op *op);
int op_timeout(struct frame *frame, const struct op *op);
int op_repeat(struct frame *frame, const struct op *op);
int op_group(struct frame *frame, const struct op *op);
int op_group_spawn(struct frame *frame, const struct op *op);
int op_lock(struct frame *frame, const struct op *op);
int op_wait_event(struct frame *frame, const struct op *op);
int op_set_event(struct frame *frame, const struct op *op);
int op_clear_event(struct frame *frame, const struct op *op);
int op_wait_condition(struct frame *frame, const struct op *op);
int op_notify(struct frame *frame, const struct op *op);
int op_put(struct frame *frame, const struct op *op);
int op_get(struct frame *frame, const struct op *op);
int op_task_done(struct frame *frame, const struct op *op);
int op_join(struct frame *frame, const struct op *op);
int op_wait_barrier(struct frame *frame, const struct op *op);

#endif
