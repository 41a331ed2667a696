/* Plain callbacks: call_soon, call_later, call_at, and done callbacks of the program. */
#include "callback.h"

#include <errno.h>
#include <leash/task.h>
#include <stdlib.h>

#include "cell.h"
#include "future.h"
#include "local.h"
#include "loop.h"
#include "misuse.h"
#include "timer.h"

static struct leash__call *call_of(struct leash__callback *callback)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    return LEASH__CONTAINER(timer, struct leash__call, timer);
}

static void unref_locals(void *locals)
{
    leash__locals_unref(locals);
}

static void run_call(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__call *call = call_of(callback);
    void (*fn)(void *) = call->fn;
    void *arg = call->cell.arg;
    struct leash__locals *locals = call->cell.fut.result;
    call->cell.fut.drop = NULL;
    leash__cell_free(&call->cell);
    struct leash__locals *before = leash__locals_enter(loop, locals);
    fn(arg);
    leash__locals_leave(loop, before);
}

static struct leash__call *call_new(void (*fn)(void *), void *arg, const char *name)
{
    struct leash__loop *loop = leash__loop_needed(name, NULL);
    if (!loop)
        return NULL;
    if (!fn) {
        leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL, "%s: the function is NULL", name);
        return NULL;
    }
    struct leash__cell *cell = leash__cell_new(loop->thread, LEASH__CELL_CALLBACK);
    if (!cell) {
        leash__refused(-ENOMEM, "%s: no memory", name);
        return NULL;
    }
    struct leash__call *call = LEASH__CONTAINER(cell, struct leash__call, cell);
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
    cell->arg = arg;
    cell->fut.result = leash__locals_inherit();
    cell->fut.drop = unref_locals;
    call->fn = fn;
    call->timer.item.index = LEASH__HEAP_OUT;
    leash__callback_init(&call->timer.callback, run_call);
    leash__list_append(&loop->cells, &cell->node);
    return call;
}

static leash_callback_t armed(struct leash__call *call, int rc, const char *name)
{
    if (rc == 0)
        return leash__cell_handle(&call->cell, LEASH__HANDLE_CALLBACK);
    leash__cell_free(&call->cell);
    leash__refused(-ENOMEM, "%s: no memory for a timer", name);
    return NULL;
}

leash_callback_t leash_call_soon(void (*fn)(void *), void *arg)
{
    struct leash__call *call = call_new(fn, arg, "leash_call_soon");
    if (!call)
        return NULL;
    leash__queue(call->cell.loop, &call->timer.callback);
    return leash__cell_handle(&call->cell, LEASH__HANDLE_CALLBACK);
}

leash_callback_t leash_call_later(double seconds, void (*fn)(void *), void *arg)
{
    struct leash__call *call = call_new(fn, arg, "leash_call_later");
    if (!call)
        return NULL;
    return armed(call, leash__timer_arm(call->cell.loop, &call->timer, leash__ns(seconds), run_call),
                 "leash_call_later");
}

leash_callback_t leash_call_at(double when, void (*fn)(void *), void *arg)
{
    struct leash__call *call = call_new(fn, arg, "leash_call_at");
    if (!call)
        return NULL;
    uint64_t at = call->cell.loop->epoch + leash__ns(when);
    return armed(call, leash__timer_arm_at(call->cell.loop, &call->timer, at, run_call), "leash_call_at");
}

int leash_callback_cancel(leash_callback_t handle)
{
    int error = 0;
    if (leash__handle_is_stale(handle))
        return 0;
    struct leash__cell *cell =
        leash__cell_find(handle, 1u << LEASH__HANDLE_CALLBACK, "leash_callback_cancel", NULL, &error);
    if (!cell)
        return error;
    struct leash__call *call = LEASH__CONTAINER(cell, struct leash__call, cell);
    leash__timer_cancel(cell->loop, &call->timer);
    leash__cell_free(cell);
    return 1;
}

/* ---- done callbacks ---- */

struct done_callback {
    struct leash__callback callback;
    struct leash__node all; /* loop->done_callbacks */
    struct leash__cell *cell;
    void *handle;
    void (*fn)(void *handle, void *arg);
    void *arg;
    struct leash__locals *locals; /* that it runs with */
};

static void done_callback_free(struct done_callback *done)
{
    leash__callback_remove(&done->callback);
    leash__list_remove(&done->all);
    leash__locals_unref(done->locals);
    free(done);
}

static void run_done(struct leash__callback *callback, struct leash__loop *loop)
{
    struct done_callback *done = LEASH__CONTAINER(callback, struct done_callback, callback);
    struct done_callback copy = *done;
    done->locals = NULL;
    done_callback_free(done);
    struct leash__locals *before = leash__locals_enter(loop, copy.locals);
    copy.fn(copy.handle, copy.arg);
    leash__locals_leave(loop, before);
    copy.cell->holds--;
    leash__cell_release(copy.cell);
}

bool leash__is_done_callback(const struct leash__callback *callback)
{
    return callback->run == run_done;
}

void leash__done_callbacks_drop(struct leash__loop *loop)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&loop->done_callbacks))) {
        struct done_callback *done = LEASH__CONTAINER(node, struct done_callback, all);
        leash__locals_unref(done->locals);
        free(done);
    }
}

int leash_add_done_callback(const void *handle, void (*fn)(void *, void *), void *arg)
{
    int error = 0;
    struct leash__cell *cell =
        leash__cell_find(handle, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_add_done_callback", NULL, &error);
    if (!cell)
        return error;
    if (!fn)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, NULL, -EINVAL,
                             "leash_add_done_callback: the function is NULL");
    struct done_callback *done = malloc(sizeof *done);
    if (!done)
        return leash__refused(-ENOMEM, "leash_add_done_callback: no memory");
    *done = (struct done_callback){.cell = cell, .handle = (void *)(uintptr_t)handle, .fn = fn, .arg = arg}; // NOLINT
    leash__callback_init(&done->callback, run_done);
    leash__list_append(&cell->loop->done_callbacks, &done->all);
    done->locals = leash__locals_inherit();
    cell->holds++;
    leash__fut_add_callback(cell->loop, &cell->fut, &done->callback);
    return 0;
}

int leash_remove_done_callback(const void *handle, void (*fn)(void *, void *), void *arg)
{
    int error = 0, removed = 0;
    struct leash__cell *cell =
        leash__cell_find(handle, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_remove_done_callback", NULL, &error);
    if (!cell)
        return error;
    struct leash__node *list = &cell->loop->done_callbacks, *node = list->next;
    while (node != list) {
        struct done_callback *done = LEASH__CONTAINER(node, struct done_callback, all);
        node = node->next;
        if (done->cell != cell || done->fn != fn || done->arg != arg)
            continue;
        done_callback_free(done);
        cell->holds--;
        removed++;
    }
    leash__cell_release(cell);
    return removed;
}
