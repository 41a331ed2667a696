#include "coros.h"
#include "memory.h"
#include "op.h"

static void dropped(void *arg)
{
    struct coro *coro = arg;
    coro->dropped = true;
}

struct coro *coro_make(struct run *run, struct body *body)
{
    struct coro *coro = arena_alloc(&run->arena, sizeof(*coro));
    coro->run = run;
    coro->body = body;
    coro->task = -1;
    coro->next = run->coros;
    run->coros = coro;
    coro->object = leash_coro_own(run_body, coro, dropped);
    if (!coro->object)
        run_broken("leash_coro_own: %s", leash_last_error());
    facts_watch(&run->facts, coro->object, &coro->facts);
    return coro;
}

void coro_to_task(struct coro *coro)
{
    coro->used = true;
    coro->own = true;
    struct run *run = coro->run;
    if (run->count == run->room) {
        run->room = run->room ? 2 * run->room : 64;
        run->tasks = must_grow(run->tasks, (size_t)run->room * sizeof(*run->tasks));
    }
    coro->task = run->count;
    run->tasks[run->count++] = coro;
}

void coro_to_frame(struct coro *coro, const struct frame *frame)
{
    coro->used = true;
    coro->task = frame->coro->task;
    coro->base = frame->coro->base;
}

void coro_met(struct coro *coro, leash_task_t task)
{
    if (coro->handle && coro->handle != task)
        run_broken("task #%ld runs under two handles", coro->task);
    coro->handle = task;
    facts_watch(&coro->run->facts, task, &coro->facts);
}

void var_write(struct var *var, enum thing_kind kind, leash_awaitable_t handle, struct coro *coro)
{
    struct var before = *var;
    int rc = kind == THING_GROUP ? 0 : leash_ref(handle);
    if (rc < 0)
        run_broken("leash_ref of %s: %d: %s", var->name, rc, leash_last_error());
    var->kind = kind;
    var->handle = handle;
    var->coro = coro;
    bool claimed = before.kind != THING_NONE && before.kind != THING_GROUP;
    if (claimed && (rc = leash_unref(before.handle)) < 0)
        run_broken("leash_unref of %s: %d: %s", var->name, rc, leash_last_error());
}
