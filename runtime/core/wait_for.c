/* Algorithm: CPython 3.11's wait_for() and _cancel_and_wait() (Lib/asyncio/tasks.py), statement by statement; their
 * waiters and callbacks live on the waiting task's stack. */
#include <errno.h>
#include <leash/await.h>

#include "await.h"
#include "cancel.h"
#include "cell.h"
#include "failure.h"
#include "future.h"
#include "items.h"
#include "misuse.h"
#include "needs.h"
#include "object.h"
#include "settle.h"
#include "task.h"
#include "timer.h"

/* A callback in one future's list that wakes a waiter. */
struct release {
    struct leash__callback callback;
    struct leash__fut *waiter;
};

static void release_waiter(struct leash__callback *callback, struct leash__loop *loop)
{
    leash__fut_wake(loop, LEASH__CONTAINER(callback, struct release, callback)->waiter);
}

static void release_when_done(struct leash__loop *loop, struct release *release, struct leash__fut *fut,
                              struct leash__fut *waiter)
{
    leash__callback_init(&release->callback, release_waiter);
    release->waiter = waiter;
    leash__fut_add_callback(loop, fut, &release->callback);
}

/* With what it will cancel, or has cancelled. */
struct limited {
    struct leash__fut waiter;
    struct leash__cell *cell;
};

struct leash__cell *leash__wait_for_cell(const struct leash__fut *waiter)
{
    return LEASH__CONTAINER(waiter, const struct limited, waiter)->cell;
}

/* True if this wait itself was cancelled. `asked`: the program asked for it, not the time limit. */
static bool cancel_and_wait(struct leash__task *task, struct leash__cell *cell, bool asked)
{
    struct leash__loop *loop = task->cell.loop;
    struct limited waits = {.cell = cell};
    struct release release;
    leash__fut_init(&waits.waiter, LEASH__FUT_WAIT_CANCELLED);
    release_when_done(loop, &release, &cell->fut, &waits.waiter);
    if (cell->kind == LEASH__CELL_TASK)
        LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TASK, task->await_site, cell->id, task->cell.id);
    leash__cancel_fut(loop, &cell->fut, NULL, asked);
    loop->chained = true;
    bool cancelled = leash__await_waiter(task, &waits.waiter);
    leash__callback_remove(&release.callback);
    return cancelled;
}

/* "try: return fut.result() / except CancelledError: raise TimeoutError" */
static int result_or_timeout(struct leash__task *task, struct leash__cell *cell, void **result)
{
    if (!leash__fut_cancelled_error(&cell->fut))
        return leash__deliver(task, cell, result);
    leash__settle(cell, task);
    leash__failure_set(&task->last_failure, NULL);
    return -ETIMEDOUT;
}

static int result_of(struct leash__task *task, struct leash__cell *cell, void **result)
{
    int code = leash__deliver(task, cell, result);
    return leash__fut_cancelled_error(&cell->fut) ? leash__cancelled_here(task) : code;
}

static int wait_for_limited(struct leash__task *task, struct leash__cell *cell, struct leash__fut *waiter,
                            void **result)
{
    struct release release;
    release_when_done(task->cell.loop, &release, &cell->fut, waiter);
    bool cancelled = leash__await_waiter(task, waiter);
    leash__callback_remove(&release.callback);
    if (leash__fut_done(&cell->fut))
        return result_of(task, cell, result);
    if (cancelled) {
        cancel_and_wait(task, cell, task->asked);
        return leash__cancelled_here(task);
    }
    return cancel_and_wait(task, cell, false) ? leash__cancelled_here(task) : result_or_timeout(task, cell, result);
}

static int wait_for_nothing(struct leash__task *task, struct leash__cell *cell, void **result)
{
    if (leash__fut_done(&cell->fut))
        return result_of(task, cell, result);
    return cancel_and_wait(task, cell, false) ? leash__cancelled_here(task) : result_or_timeout(task, cell, result);
}

static int wait_for(struct leash__task *task, const void *handle, double timeout, void **result,
                    struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    struct limited limited = {.cell = NULL};
    struct leash__alarm alarm;
    leash__fut_init(&limited.waiter, LEASH__FUT_WAIT_FOR);
    if (timeout > 0 && leash__alarm_arm(loop, &alarm, &limited.waiter, leash__ns(timeout)) < 0)
        return leash__refused(-ENOMEM, "leash_wait_for: no memory for a timer");
    struct leash__cell *cell = limited.cell = leash__item(loop, handle, site);
    cell->holds++;
    uint64_t object = leash__object_event(task, LEASH_OBJECT_WAIT_FOR, site);
    leash__child_event(loop, object, cell);
    leash__waits_at(task, site, "wait_for");
    int rc = timeout > 0 ? wait_for_limited(task, cell, &limited.waiter, result) : wait_for_nothing(task, cell, result);
    if (timeout > 0)
        leash__timer_cancel(loop, &alarm.timer);
    leash__object_done(loop, object, rc);
    cell->holds--;
    leash__cell_release(cell);
    return rc;
}

int leash__wait_for(const void *handle, double timeout, void **result, struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_wait_for", site);
    int error = 0;
    if (!task)
        return -errno;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__AWAITABLE_BITS, "leash_wait_for", site, &error);
    if (!cell)
        return error;
    if (leash__limited(timeout))
        return wait_for(task, handle, timeout, result, site);
    if (cell->kind != LEASH__CELL_CORO)
        leash__item(cell->loop, handle, site); /* the duty, also if this wait is cut short */
    return leash__await_any(handle, result, site);
}
