/* Algorithm: CPython 3.11's Timeout (Lib/asyncio/timeouts.py). */
#include "timeout.h"

#include <errno.h>
#include <leash/timeout.h>

#include "cancel.h"
#include "cell.h"
#include "future.h"
#include "misuse.h"
#include "object.h"
#include "task.h"
#include "timer.h"

#define SCOPE_BIT (1u << LEASH__HANDLE_TIMEOUT)

static void on_timeout(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    struct leash__timeout *timeout = LEASH__CONTAINER(timer, struct leash__timeout, timer);
    struct leash__cell *task = &timeout->scope.task->cell;
    timeout->state = LEASH__EXPIRING;
    if (leash__fut_done(&task->fut))
        return; /* it was opened in a generator, which the task has left */
    LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TIMEOUT, NULL, task->id, timeout->cell.id);
    leash__cancel_fut(loop, &task->fut, NULL, false);
    loop->chained = true; /* what it does not end it no longer limits */
}

static int arm(struct leash__timeout *timeout, struct leash__loop *loop, double seconds)
{
    timeout->timer.item.index = LEASH__HEAP_OUT;
    leash__callback_init(&timeout->timer.callback, on_timeout);
    if (seconds < 0)
        return 0;
    uint64_t delay = leash__ns(seconds);
    if (delay > 0)
        return leash__timer_arm(loop, &timeout->timer, delay, on_timeout);
    leash__queue(loop, &timeout->timer.callback);
    return 0;
}

/* Returns what rc became. `task` runs the body. */
static int end(struct leash__timeout *timeout, const struct leash__task *task, int rc)
{
    struct leash__loop *loop = timeout->cell.loop;
    leash__timer_cancel(loop, &timeout->timer);
    if (timeout->state == LEASH__EXPIRING && leash__uncancel(timeout->scope.task) <= timeout->cancelling &&
        rc == -ECANCELED && task->cancel_seen)
        rc = -ETIMEDOUT;
    leash__object_done(loop, timeout->cell.id, rc == -ETIMEDOUT ? rc : 0);
    leash__scope_remove(&timeout->scope);
    leash__cell_free(&timeout->cell);
    return rc;
}

static struct leash__timeout *timeout_of(struct leash__scope *scope)
{
    return LEASH__CONTAINER(scope, struct leash__timeout, scope);
}

static int close_left_open(struct leash__scope *scope, struct leash__task *task, int code)
{
    return end(timeout_of(scope), task, code);
}

static unsigned drop(struct leash__scope *scope)
{
    struct leash__timeout *timeout = timeout_of(scope);
    leash__timer_cancel(timeout->cell.loop, &timeout->timer);
    leash__cell_free(&timeout->cell);
    return 0;
}

/* Armed, or due and not answered yet. */
static bool limits(const struct leash__scope *scope)
{
    const struct leash__timeout *timeout = LEASH__CONTAINER(scope, const struct leash__timeout, scope);
    return timeout->timer.item.index != LEASH__HEAP_OUT || !leash__list_empty(&timeout->timer.callback.node);
}

static const struct leash__scope_type scope_type = {.close = close_left_open, .drop = drop, .limits = limits};

leash_timeout_t leash__timeout_begin(double seconds, struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_timeout_begin", site);
    if (!task)
        return NULL;
    struct leash__loop *loop = task->cell.loop;
    struct leash__cell *cell = leash__cell_new(loop->thread, LEASH__CELL_TIMEOUT);
    if (cell) {
        struct leash__timeout *timeout = LEASH__CONTAINER(cell, struct leash__timeout, cell);
        __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
        cell->site = site;
        if (arm(timeout, loop, seconds) == 0) {
            timeout->state = LEASH__ENTERED;
            timeout->cancelling = task->cancels;
            leash__scope_open(&timeout->scope, &scope_type, task);
            cell->id = leash__object_new(loop, LEASH_OBJECT_TIMEOUT, site);
            return leash__cell_handle(cell, LEASH__HANDLE_TIMEOUT);
        }
        leash__cell_free(cell);
    }
    leash__refused(-ENOMEM, "leash_timeout_begin: no memory");
    return NULL;
}

static struct leash__timeout *find(leash_timeout_t handle, const char *call, int *error)
{
    struct leash__cell *cell = leash__cell_find(handle, SCOPE_BIT, call, NULL, error);
    return cell ? LEASH__CONTAINER(cell, struct leash__timeout, cell) : NULL;
}

int leash_timeout_end(leash_timeout_t handle, int rc)
{
    int error = 0;
    struct leash__timeout *timeout = find(handle, "leash_timeout_end", &error);
    if (!timeout)
        return error;
    struct leash__task *task = timeout->cell.loop->current;
    if (!task || !leash__scope_is_of(&timeout->scope, task))
        return leash__misuse(LEASH_MISUSE_INVALID, timeout->cell.site, -EINVAL,
                             "leash_timeout_end: the scope belongs to another task");
    return end(timeout, task, rc);
}

int leash_timeout_reschedule(leash_timeout_t handle, double seconds)
{
    int error = 0;
    struct leash__timeout *timeout = find(handle, "leash_timeout_reschedule", &error);
    if (!timeout)
        return error;
    if (timeout->state != LEASH__ENTERED)
        return leash__misuse(LEASH_MISUSE_INVALID, timeout->cell.site, -EINVAL,
                             "leash_timeout_reschedule: the scope has expired");
    timeout->cell.loop->chained = true; /* it may have been what kept others from waiting in vain */
    leash__timer_cancel(timeout->cell.loop, &timeout->timer);
    int rc = arm(timeout, timeout->cell.loop, seconds);
    return rc < 0 ? leash__refused(rc, "leash_timeout_reschedule: no memory for a timer") : 0;
}

int leash_timeout_expired(leash_timeout_t handle)
{
    int error = 0;
    struct leash__timeout *timeout = find(handle, "leash_timeout_expired", &error);
    return timeout ? timeout->state == LEASH__EXPIRING : error;
}
