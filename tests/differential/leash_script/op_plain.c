/* Ops that wait for nothing. */
#include "coros.h"
#include "op.h"
#include <errno.h>

int op_log(struct frame *frame, const struct op *op)
{
    run_value(frame, op->words[0].text);
    return RAN_VALUE;
}

int op_spawn(struct frame *frame, const struct op *op)
{
    struct coro *coro = coro_make(frame->run, op->words[1].body);
    coro_to_task(coro);
    leash_task_t task = leash_create_task(coro->object);
    if (!task)
        run_broken("leash_create_task: %s", leash_last_error());
    coro_met(coro, task);
    var_write(op->words[0].var, THING_TASK, task, coro);
    return RAN_SILENT;
}

int op_make(struct frame *frame, const struct op *op)
{
    struct coro *coro = coro_make(frame->run, op->words[1].body);
    var_write(op->words[0].var, THING_CORO, coro->object, coro);
    return RAN_SILENT;
}

int op_future(struct frame *frame, const struct op *op)
{
    struct bare_future *future = arena_alloc(&frame->run->arena, sizeof(*future));
    future->handle = leash_future();
    if (!future->handle)
        run_broken("leash_future: %s", leash_last_error());
    facts_watch(&frame->run->facts, future->handle, &future->facts);
    future->next = frame->run->futures;
    frame->run->futures = future;
    var_write(op->words[0].var, THING_FUTURE, future->handle, NULL);
    return RAN_SILENT;
}

/* What `set` and `setfail` log: nothing but misuse can fail. */
static int was_set(struct frame *frame, int rc)
{
    run_value(frame, NULL);
    return rc == -EALREADY ? -EINVAL : rc;
}

int op_set(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    if (!op_takes(var, TAKES_FUTURE))
        return -EINVAL;
    return was_set(frame, leash_future_set_result(var->handle, (void *)op->words[1].text));
}

int op_setfail(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    const char *text = op->words[1].text;
    if (!op_takes(var, TAKES_FUTURE))
        return -EINVAL;
    return was_set(frame, leash_future_set_failure(var->handle, codes_number(&frame->run->codes, text), "%s", text));
}

int op_cancel(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    if (!op_takes(var, TAKES_TASK | TAKES_FUTURE))
        return -EINVAL;
    int rc = leash_cancel(var->handle, NULL);
    run_value(frame, rc ? "1" : "0");
    return rc < 0 ? rc : RAN_VALUE;
}

int op_done(struct frame *frame, const struct op *op)
{
    struct var *var = op->words[0].var;
    if (!op_takes(var, TAKES_TASK | TAKES_FUTURE))
        return -EINVAL;
    int rc = leash_done(var->handle);
    run_value(frame, rc ? "1" : "0");
    return rc < 0 ? rc : RAN_VALUE;
}

int op_fail(struct frame *frame, const struct op *op)
{
    frame->code = op->words[0].text;
    return leash_fail(codes_number(&frame->run->codes, frame->code), "%s", frame->code);
}

int op_return(struct frame *frame, const struct op *op)
{
    frame->result = op->words[0].text;
    return RAN_RETURN;
}
