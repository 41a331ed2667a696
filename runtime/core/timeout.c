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
    struct leash__timeout *scope = LEASH__CONTAINER(timer, struct leash__timeout, timer);
    LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TIMEOUT, NULL, scope->task->cell.id, scope->cell.id);
    leash__cancel_fut(loop, &scope->task->cell.fut, NULL);
    scope->state = LEASH__EXPIRING;
}

static int arm(struct leash__timeout *scope, struct leash__loop *loop, double seconds)
{
    scope->timer.item.index = LEASH__HEAP_OUT;
    leash__callback_init(&scope->timer.callback, on_timeout);
    if (seconds < 0)
        return 0;
    uint64_t delay = leash__ns(seconds);
    if (delay > 0)
        return leash__timer_arm(loop, &scope->timer, delay, on_timeout);
    leash__queue(loop, &scope->timer.callback);
    return 0;
}

leash_timeout_t leash__timeout_begin(double seconds, struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_timeout_begin", site);
    if (!task)
        return NULL;
    struct leash__loop *loop = task->cell.loop;
    struct leash__cell *cell = leash__cell_new(loop->thread, LEASH__CELL_TIMEOUT);
    if (cell) {
        struct leash__timeout *scope = LEASH__CONTAINER(cell, struct leash__timeout, cell);
        __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
        cell->site = site;
        if (arm(scope, loop, seconds) == 0) {
            scope->task = task;
            scope->frame = task->frame;
            scope->state = LEASH__ENTERED;
            scope->cancelling = task->cancels;
            leash__list_append(&task->timeouts, &scope->node);
            cell->id = leash__object_new(loop, LEASH_OBJECT_TIMEOUT, site);
            return leash__cell_handle(cell, LEASH__HANDLE_TIMEOUT);
        }
        leash__cell_free(cell);
    }
    leash__refused(-ENOMEM, "leash_timeout_begin: no memory");
    return NULL;
}

/* Returns what rc became. */
static int close_scope(struct leash__timeout *scope, int rc)
{
    struct leash__task *task = scope->task;
    struct leash__loop *loop = scope->cell.loop;
    leash__timer_cancel(loop, &scope->timer);
    if (scope->state == LEASH__EXPIRING) {
        if (task->cancels > 0)
            task->cancels--;
        if (task->cancels <= scope->cancelling && rc == -ECANCELED && task->cancel_seen)
            rc = -ETIMEDOUT;
    }
    leash__object_done(loop, scope->cell.id, rc == -ETIMEDOUT ? rc : 0);
    leash__list_remove(&scope->node);
    leash__cell_free(&scope->cell);
    return rc;
}

void leash__timeouts_close(struct leash__task *task, const struct leash__frame *frame)
{
    while (!leash__list_empty(&task->timeouts)) {
        struct leash__timeout *last = LEASH__CONTAINER(task->timeouts.prev, struct leash__timeout, node);
        if (last->frame != frame)
            return;
        close_scope(last, 0);
    }
}

void leash__timeouts_drop(struct leash__task *task)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&task->timeouts))) {
        struct leash__timeout *scope = LEASH__CONTAINER(node, struct leash__timeout, node);
        leash__timer_cancel(scope->cell.loop, &scope->timer);
        leash__cell_free(&scope->cell);
    }
}

static struct leash__timeout *find(leash_timeout_t handle, const char *call, int *error)
{
    struct leash__cell *cell = leash__cell_find(handle, SCOPE_BIT, call, NULL, error);
    return cell ? LEASH__CONTAINER(cell, struct leash__timeout, cell) : NULL;
}

int leash_timeout_end(leash_timeout_t handle, int rc)
{
    int error = 0;
    struct leash__timeout *scope = find(handle, "leash_timeout_end", &error);
    if (!scope)
        return error;
    if (scope->task != scope->cell.loop->current)
        return leash__misuse(LEASH_MISUSE_INVALID, scope->cell.site, -EINVAL,
                             "leash_timeout_end: the scope belongs to another task");
    return close_scope(scope, rc);
}

int leash_timeout_reschedule(leash_timeout_t handle, double seconds)
{
    int error = 0;
    struct leash__timeout *scope = find(handle, "leash_timeout_reschedule", &error);
    if (!scope)
        return error;
    if (scope->state != LEASH__ENTERED)
        return leash__misuse(LEASH_MISUSE_INVALID, scope->cell.site, -EINVAL,
                             "leash_timeout_reschedule: the scope has expired");
    leash__timer_cancel(scope->cell.loop, &scope->timer);
    int rc = arm(scope, scope->cell.loop, seconds);
    return rc < 0 ? leash__refused(rc, "leash_timeout_reschedule: no memory for a timer") : 0;
}

int leash_timeout_expired(leash_timeout_t handle)
{
    int error = 0;
    struct leash__timeout *scope = find(handle, "leash_timeout_expired", &error);
    return scope ? scope->state == LEASH__EXPIRING : error;
}
