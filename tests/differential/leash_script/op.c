#include "op.h"
#include "coros.h"
#include <errno.h>

static const op_function_t functions[OP_COUNT] = {
    [OP_LOG] = op_log,
    [OP_SLEEP] = op_sleep,
    [OP_SPAWN] = op_spawn,
    [OP_MAKE] = op_make,
    [OP_FUTURE] = op_future,
    [OP_SET] = op_set,
    [OP_SETFAIL] = op_setfail,
    [OP_AWAIT] = op_await,
    [OP_CALL] = op_call,
    [OP_CANCEL] = op_cancel,
    [OP_DONE] = op_done,
    [OP_GATHER] = op_gather,
    [OP_GATHER_ALL] = op_gather_all,
    [OP_WAIT] = op_wait,
    [OP_WAIT_FOR] = op_wait_for,
    [OP_SHIELD] = op_shield,
    [OP_TIMEOUT] = op_timeout,
    [OP_GROUP] = op_group,
    [OP_GROUP_SPAWN] = op_group_spawn,
    [OP_REPEAT] = op_repeat,
    [OP_FAIL] = op_fail,
    [OP_RETURN] = op_return,
    [OP_LOCK] = op_lock,
    [OP_SEM] = op_lock,
    [OP_WAIT_EVENT] = op_wait_event,
    [OP_SET_EVENT] = op_set_event,
    [OP_CLEAR_EVENT] = op_clear_event,
    [OP_WAIT_CONDITION] = op_wait_condition,
    [OP_NOTIFY] = op_notify,
    [OP_PUT] = op_put,
    [OP_GET] = op_get,
    [OP_TASK_DONE] = op_task_done,
    [OP_JOIN] = op_join,
    [OP_WAIT_BARRIER] = op_wait_barrier,
};

op_function_t op_function(enum op_id id)
{
    return functions[id];
}

bool op_takes(const struct var *var, unsigned kinds)
{
    if (var->kind == THING_NONE || !(kinds & 1u << var->kind))
        return false;
    return var->kind != THING_CORO || !var->coro->used;
}

static bool is_body(const struct operand *word)
{
    return word->var->kind == THING_NONE && word->body;
}

int op_operands(struct frame *frame, const struct operand *words, size_t count, leash_awaitable_t **items)
{
    for (size_t i = 0; i < count; i++)
        if (!is_body(&words[i]) && !op_takes(words[i].var, TAKES_AWAITABLE))
            return -EINVAL;
    *items = arena_alloc(&frame->run->arena, count * sizeof(**items));
    for (size_t i = 0; i < count; i++) {
        struct coro *coro = is_body(&words[i]) ? coro_make(frame->run, words[i].body) : words[i].var->coro;
        bool object = is_body(&words[i]) || words[i].var->kind == THING_CORO;
        if (object && !coro->used)
            coro_to_task(coro);
        (*items)[i] = object ? coro->object : words[i].var->handle;
    }
    return 0;
}

const char *op_failure_text(struct frame *frame, const void *handle, int rc)
{
    const char *name = run_failure_name(rc);
    struct leash_failure failure;
    if (name)
        return name;
    if (handle && leash_failure(handle, &failure) == 0 && failure.code == rc)
        return arena_copy(&frame->run->arena, failure.message);
    return codes_text(&frame->run->codes, rc);
}

int op_failed(struct frame *frame, const void *handle, int rc)
{
    frame->code = op_failure_text(frame, handle, rc);
    return rc;
}
