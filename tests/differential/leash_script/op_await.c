/* Ops that wait for one thing. */
#include "coros.h"
#include "op.h"
#include <errno.h>

/* How a wait went that gives a body's or future's own value. */
static int waited(struct frame *frame, const void *handle, int rc, const char *result)
{
    if (rc < 0)
        return op_failed(frame, handle, rc);
    run_value(frame, result);
    return RAN_VALUE;
}

int op_sleep(struct frame *frame, const struct op *op)
{
    int rc = leash_sleep((double)op->words[0].number);
    return waited(frame, NULL, rc, NULL);
}

static int await_inline(struct frame *frame, struct coro *coro)
{
    void *result = NULL;
    coro_to_frame(coro, frame);
    int rc = leash_await(coro->object, &result);
    return waited(frame, coro->object, rc, result);
}

int op_call(struct frame *frame, const struct op *op)
{
    return await_inline(frame, coro_make(frame->run, op->words[0].body));
}

int op_await(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    leash_awaitable_t handle = var->handle; /* the variable may be written while this waits */
    void *result = NULL;
    if (!op_takes(var, TAKES_AWAITABLE) || handle == (leash_awaitable_t)leash_current_task())
        return -EINVAL;
    if (var->kind == THING_CORO)
        return await_inline(frame, var->coro);
    int rc = var->kind == THING_TASK ? leash_await((leash_task_t)handle, &result)
                                     : leash_await((leash_future_t)handle, &result);
    return waited(frame, handle, rc, result);
}

int op_wait_for(struct frame *frame, const struct op *op)
{
    leash_awaitable_t *items;
    void *result = NULL;
    int rc = op_operands(frame, &op->words[1], 1, &items);
    if (rc < 0)
        return rc;
    rc = leash_wait_for(items[0], (double)op->words[0].number, &result);
    return waited(frame, items[0], rc, result);
}

int op_shield(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    void *result = NULL;
    if (!op_takes(var, TAKES_AWAITABLE))
        return -EINVAL;
    if (var->kind == THING_CORO)
        coro_to_task(var->coro);
    leash_future_t outer = leash_shield(var->handle);
    if (!outer)
        run_broken("leash_shield: %s", leash_last_error());
    int rc = leash_await(outer, &result);
    return waited(frame, outer, rc, result);
}
