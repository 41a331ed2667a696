#include "future.h"

#include <errno.h>
#include <leash/future.h>
#include <string.h>

#include "cell.h"
#include "failure.h"
#include "leak_scope.h"
#include "loop.h"
#include "misuse.h"

static void finish(struct leash__loop *loop, struct leash__fut *fut, enum leash__fut_state state, int code)
{
    fut->state = (uint8_t)state;
    fut->code = code;
    leash__list_splice(&loop->ready, &fut->callbacks);
}

void leash__fut_set_result(struct leash__loop *loop, struct leash__fut *fut, int code, void *result,
                           void (*drop)(void *))
{
    fut->result = result;
    fut->drop = drop;
    finish(loop, fut, LEASH__FINISHED, code);
}

void leash__fut_set_failure(struct leash__loop *loop, struct leash__fut *fut, int code, struct leash__failure *failure)
{
    leash__failure_set(&fut->failure, failure);
    finish(loop, fut, LEASH__FINISHED, code);
    fut->unseen = LEASH__UNSEEN;
}

void leash__fut_set_cancelled(struct leash__loop *loop, struct leash__fut *fut, struct leash__failure *message)
{
    leash__failure_set(&fut->failure, message);
    finish(loop, fut, LEASH__CANCELLED, -ECANCELED);
}

int leash__fut_take(struct leash__fut *fut, void **result)
{
    if (fut->state == LEASH__CANCELLED)
        return -ECANCELED;
    fut->unseen = LEASH__SEEN;
    if (fut->code >= 0 && result)
        *result = fut->result;
    return fut->code;
}

struct leash__cell *leash__future_new(struct leash__loop *loop, struct leash_site *site, enum leash__fut_kind kind)
{
    struct leash__cell *cell = leash__cell_new(loop->thread, LEASH__CELL_FUTURE);
    if (!cell)
        return NULL;
    cell->fut.kind = (uint8_t)kind;
    cell->owner = true;
    cell->site = site;
    cell->id = leash__id(loop->thread, LEASH__ID_FUTURE);
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
    leash__list_append(&loop->cells, &cell->node);
    if (loop->events->at) {
        leash__event(loop->events, LEASH_EV_FUTURE, site, cell->id, loop->current ? loop->current->cell.id : 0, 0);
        leash__leak_scope_event(loop->events, LEASH_SUBJECT_FUTURE, cell->id, cell->leak_scope);
        if (loop->events->stacks)
            leash__events_stack(loop->events, cell->id, LEASH_SUBJECT_FUTURE, 2);
    }
    return cell;
}

void leash__failure_event(struct leash__loop *loop, enum leash_subject subject, uint64_t id,
                          const struct leash__failure *failure)
{
    if (failure && loop->events->at)
        leash__events_text(loop->events, LEASH_EV_FAILURE, failure->site, id, (uint64_t)subject, failure->message,
                           strlen(failure->message));
}

void leash__future_event(struct leash__loop *loop, struct leash__cell *cell)
{
    if (!loop->events->at)
        return;
    if (cell->fut.state == LEASH__CANCELLED) {
        LEASH__EVENT_NOW(loop, LEASH_EV_FUTURE_CANCELLED, NULL, cell->id, 0);
    } else if (cell->fut.code < 0) {
        leash__failure_event(loop, LEASH_SUBJECT_FUTURE, cell->id, cell->fut.failure);
        LEASH__EVENT_NOW(loop, LEASH_EV_FUTURE_FAILED, NULL, cell->id, (uint64_t)-cell->fut.code);
    } else {
        LEASH__EVENT_NOW(loop, LEASH_EV_FUTURE_DONE, NULL, cell->id, 0);
    }
}

leash_future_t leash__future(struct leash_site *site)
{
    struct leash__loop *loop = leash__loop_needed("leash_future", site);
    if (!loop)
        return NULL;
    struct leash__cell *cell = leash__future_new(loop, site, LEASH__FUT_FUTURE);
    if (!cell) {
        leash__refused(-ENOMEM, "leash_future: no memory");
        return NULL;
    }
    return leash__cell_handle(cell, LEASH__HANDLE_FUTURE);
}

/* A future that its holder may set: not a gather's or a job's, not finished. */
static struct leash__cell *settable(leash_future_t future, const char *call, struct leash_site *site, int *error)
{
    struct leash__cell *cell = leash__cell_find(future, LEASH__FUTURE_BIT, call, site, error);
    if (!cell)
        return NULL;
    if (leash__fut_done(&cell->fut)) {
        *error = leash__refused(-EALREADY, "%s: the future is finished already", call);
        return NULL;
    }
    if (cell->fut.kind != LEASH__FUT_FUTURE) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: a %s future sets itself", call,
                               cell->fut.kind == LEASH__FUT_JOB ? "job's" : "gather's");
        return NULL;
    }
    return cell;
}

int leash__future_set_result(leash_future_t future, void *result, struct leash_site *site)
{
    int error = 0;
    struct leash__cell *cell = settable(future, "leash_future_set_result", site, &error);
    if (!cell)
        return error;
    leash__fut_set_result(cell->loop, &cell->fut, 0, result, NULL);
    leash__future_event(cell->loop, cell);
    leash__cell_release(cell);
    return 0;
}

int leash__future_set_failure(leash_future_t future, int code, struct leash_site *site, const char *fmt, ...)
{
    int error = 0;
    struct leash__cell *cell = settable(future, "leash_future_set_failure", site, &error);
    if (!cell)
        return error;
    if (code >= 0)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_future_set_failure: %d is no negative errno",
                             code);
    va_list arguments;
    va_start(arguments, fmt);
    struct leash__failure *failure = leash__failure_new(code, site, fmt, arguments);
    va_end(arguments);
    leash__fut_set_failure(cell->loop, &cell->fut, code, failure);
    leash__future_event(cell->loop, cell);
    leash__cell_release(cell);
    return 0;
}
