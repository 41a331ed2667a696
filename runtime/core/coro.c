#include "coro.h"

#include <ctype.h>
#include <errno.h>
#include <own_frame.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "failure.h"
#include "job_body.h"
#include "leak_scope.h"
#include "misuse.h"
#include "unbound.h"

/* The site's text names the function unless it is an expression ("handlers[i]"): then its address must. */
static bool is_plain_name(const char *text)
{
    if (!text || !*text)
        return false;
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && *text != '_' && *text != '&')
            return false;
    return true;
}

void leash__coro_event(struct leash__thread *thread, const struct leash__cell *cell)
{
    struct leash__events *events = &thread->events;
    if (!events->at)
        return;
    uint64_t creator = thread->loop && thread->loop->current ? thread->loop->current->cell.id : 0;
    if (!is_plain_name(cell->coro_site ? cell->coro_site->expr : NULL))
        leash__events_function(events, cell->coro_id, (void (*)(void))cell->fn);
    if (events->stacks)
        leash__events_stack(events, cell->coro_id, LEASH_SUBJECT_CORO, 2);
    leash__event(events, LEASH_EV_CORO, cell->coro_site, cell->coro_id, creator,
                 (uint64_t)(uintptr_t)cell->arg & LEASH__MASK48);
    leash__leak_scope_event(events, LEASH_SUBJECT_CORO, cell->coro_id, cell->leak_scope);
}

static leash_coro_t make(leash_fn_t fn, void *arg, void (*drop)(void *), bool copied, struct leash_site *site)
{
    struct leash__thread *self = leash__self();
    struct leash__cell *cell = NULL;
    if (!fn)
        leash__misuse(LEASH_MISUSE_NULL_FUNCTION, site, -EINVAL, "leash_coro: the coroutine function is NULL");
    else if (!self || !(cell = leash__cell_new(self, LEASH__CELL_CORO)))
        leash__refused(-ENOMEM, "leash_coro: no memory");
    if (!cell)
        return NULL;
    cell->owner = true;
    cell->fn = fn;
    cell->arg = arg;
    cell->drop = drop;
    cell->arg_copied = copied;
    cell->coro_site = cell->site = site;
    cell->id = cell->coro_id = leash__id(self, LEASH__ID_CORO);
    struct leash__loop *loop = self->loop && !self->loop->over ? self->loop : NULL;
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
    if (loop)
        leash__list_append(&loop->cells, &cell->node);
    else
        leash__unbound_add(self, cell);
    if (__builtin_expect(self->events.at != NULL, 0))
        leash__coro_event(self, cell);
    return leash__cell_handle(cell, LEASH__HANDLE_CORO);
}

leash_coro_t leash__coro(leash_fn_t fn, void *arg, struct leash_site *site)
{
    return make(fn, arg, NULL, false, site);
}

leash_coro_t leash__coro_copy(leash_fn_t fn, const void *ptr, size_t size, struct leash_site *site)
{
    if (size && !ptr) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_coro_copy: %zu bytes at NULL", size);
        return NULL;
    }
    void *copy = malloc(size ? size : 1);
    if (!copy) {
        leash__refused(-ENOMEM, "leash_coro_copy: no memory for %zu bytes", size);
        return NULL;
    }
    if (size)
        memcpy(copy, ptr, size);
    leash_coro_t coro = make(fn, copy, NULL, true, site);
    if (!coro)
        free(copy);
    return coro;
}

leash_coro_t leash__coro_own(leash_fn_t fn, void *arg, void (*drop)(void *), struct leash_site *site)
{
    leash_coro_t coro = make(fn, arg, drop, false, site);
    if (!coro)
        leash__drop(drop, arg);
    return coro;
}

void leash__coro_bind(struct leash__cell *cell, struct leash__loop *loop)
{
    if (!cell->loop)
        leash__unbound_remove(cell);
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
}

void leash__coro_take(struct leash__cell *cell, struct leash__loop *loop)
{
    cell->used = true;
    cell->owner = false;
    leash__coro_bind(cell, loop);
    leash__list_remove(&cell->node);
    leash__list_append(&loop->cells, &cell->node);
}

int leash_close(leash_coro_t coro)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(coro, LEASH__CORO_BIT, "leash_close", NULL, &error);
    if (!cell)
        return error;
    cell->used = true;
    cell->owner = false;
    cell->settled = true;
    cell->fut.state = LEASH__CANCELLED;
    struct leash__thread *self = leash__self(); /* this may be what the thread calls first */
    if (self)
        leash__event(&self->events, LEASH_EV_CLAIM, NULL, cell->coro_id, LEASH_CLAIM_CLOSED, LEASH_SUBJECT_CORO);
    void (*drop)(void *) = cell->drop;
    void *arg = cell->arg;
    cell->drop = NULL; /* what the argument owns goes now, also if a claim keeps the cell */
    leash__cell_release(cell);
    leash__drop(drop, arg);
    return 0;
}

LEASH__OWN_FRAME int leash__body_run(struct leash__task *task, struct leash__cell *cell, struct leash__frame *frame)
{
    leash__body_begin(task, cell, frame);
    cell->drop = NULL; /* the body runs: what the argument owns is its business now */
    return leash__body_end(task, frame, cell->fn(cell->arg));
}

struct leash__ending leash__body_ending(struct leash__task *task, struct leash__frame *frame, int code)
{
    struct leash__ending ending = {LEASH__FINISHED, code, NULL};
    struct leash__failure *own = frame->failure;
    if (code == -ECANCELED && task->cancel_seen)
        ending.state = LEASH__CANCELLED;
    if (code < 0) {
        if (own && own->code == code)
            ending.failure = leash__failure_ref(own);
        else if (task->last_failure && task->last_failure->code == code)
            ending.failure = leash__failure_ref(task->last_failure);
        leash__drop(frame->drop, frame->result);
        frame->result = NULL;
        frame->drop = NULL;
    }
    leash__failure_unref(own);
    frame->failure = NULL;
    leash__failure_set(&task->last_failure, frame->before);
    return ending;
}

unsigned leash__frames_drop(struct leash__frame *innermost)
{
    unsigned lost = 0;
    for (struct leash__frame *frame = innermost; frame; frame = frame->up) {
        leash__failure_set(&frame->failure, NULL);
        leash__failure_set(&frame->before, NULL);
        lost += leash__scopes_drop(frame);
        leash__drop(frame->drop, frame->result);
    }
    return lost;
}

struct leash__task *leash__body_needed(const char *call)
{
    struct leash__loop *loop = leash__running();
    if (loop && loop->current && loop->current->frame)
        return loop->current;
    leash__misuse(LEASH_MISUSE_NOT_IN_TASK, NULL, -EPERM, "%s: not inside the body of a coroutine", call);
    return NULL;
}

/* The innermost body of the running task, or a thread's job; NULL and a message outside of both. */
static struct leash__frame *running_body(const char *call)
{
    struct leash__loop *loop = leash__running();
    if (!loop && leash__job_running)
        return &leash__job_running->frame;
    struct leash__task *task = leash__body_needed(call);
    return task ? task->frame : NULL;
}

int leash_return_own(void *ptr, void (*drop)(void *))
{
    struct leash__frame *frame = running_body("leash_return");
    if (!frame) {
        leash__drop(drop, ptr);
        return -EPERM;
    }
    struct leash__frame old = *frame;
    frame->result = ptr;
    frame->drop = drop;
    leash__drop(old.drop, old.result);
    return 0;
}

int leash_return(void *result)
{
    return leash_return_own(result, NULL);
}

int leash_return_copy(const void *ptr, size_t size)
{
    if (size && !ptr)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_return_copy: %zu bytes at NULL", size);
    void *copy = malloc(size ? size : 1);
    if (!copy)
        return leash__refused(-ENOMEM, "leash_return_copy: no memory for %zu bytes", size);
    if (size)
        memcpy(copy, ptr, size);
    return leash_return_own(copy, free);
}

int leash__fail(int code, struct leash_site *site, const char *fmt, ...)
{
    if (code >= 0)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_fail: %d is no negative errno", code);
    struct leash__frame *frame = running_body("leash_fail");
    if (!frame)
        return code;
    va_list arguments;
    va_start(arguments, fmt);
    leash__failure_set(&frame->failure, leash__failure_new(code, site, fmt, arguments));
    va_end(arguments);
    return code;
}
