/* Algorithm: CPython 3.11's wait(), _wait(), wait_for() and _cancel_and_wait() (Lib/asyncio/tasks.py), statement by
 * statement; their waiters and callbacks live on the waiting task's stack. */
#include <errno.h>
#include <leash/await.h>
#include <stdlib.h>

#include "await.h"
#include "cancel.h"
#include "cell.h"
#include "failure.h"
#include "future.h"
#include "items.h"
#include "misuse.h"
#include "task.h"
#include "timer.h"
#include "wait.h"

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

static uint64_t object_event(struct leash__task *task, enum leash_object kind, struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    uint64_t object = leash__id(loop->thread, LEASH__ID_OBJECT);
    leash__event(loop->events, LEASH_EV_OBJECT, site, object, kind, task->cell.id);
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_OBJECT, site, task->cell.id, object);
    return object;
}

static void child_event(struct leash__loop *loop, uint64_t object, const struct leash__cell *cell)
{
    leash__event(loop->events, LEASH_EV_CHILD, NULL, object, cell->id, (uint64_t)leash__subject_of(cell));
}

static void object_done(struct leash__loop *loop, uint64_t object, int code)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_OBJECT_DONE, NULL, object, code < 0 ? (uint64_t)-code : 0);
}

/* ---- wait ---- */

struct waiting;
struct member {
    struct leash__callback callback;
    struct waiting *waiting;
    struct leash__cell *cell;
};

/* Outlives the wait while callbacks of it are queued: asyncio's removal does not reach those, and they still look. */
struct waiting {
    struct leash__node node; /* in loop->waits */
    struct leash__fut waiter;
    struct leash__alarm alarm;
    bool limited; /* alarm is armed, or was */
    bool over;    /* nobody waits any more */
    enum leash_when when;
    size_t counter, distinct;
    size_t queued; /* valid once over: callbacks that have yet to run */
    struct member *members;
    struct leash__cell **cells; /* as given */
};

static bool is_failure(struct leash__fut *fut)
{
    if (fut->state == LEASH__CANCELLED)
        return false;
    fut->log_traceback = false; /* exception() looks */
    return fut->code < 0;
}

static void free_waiting(struct waiting *waiting)
{
    leash__list_remove(&waiting->node);
    free(waiting->cells);
    free(waiting->members);
    free(waiting);
}

static void let_go(struct member *member)
{
    member->cell->holds--;
    leash__cell_release(member->cell);
}

static void on_completion(struct leash__callback *callback, struct leash__loop *loop)
{
    struct member *member = LEASH__CONTAINER(callback, struct member, callback);
    struct waiting *waiting = member->waiting;
    waiting->counter--;
    bool enough = waiting->counter == 0 || waiting->when == LEASH_FIRST_COMPLETED ||
                  (waiting->when == LEASH_FIRST_FAILURE && is_failure(&member->cell->fut));
    if (waiting->over) {
        let_go(member);
        if (--waiting->queued == 0)
            free_waiting(waiting);
    } else if (enough) {
        if (waiting->limited)
            leash__timer_cancel(loop, &waiting->alarm.timer);
        leash__fut_wake(loop, &waiting->waiter);
    }
}

static void watch_all(struct waiting *waiting, struct leash__loop *loop, size_t n, uint64_t object)
{
    uint64_t mark = ++loop->marks;
    for (size_t i = 0; i < n; i++) {
        struct leash__cell *cell = waiting->cells[i];
        if (cell->mark == mark)
            continue;
        cell->mark = mark;
        cell->holds++;
        child_event(loop, object, cell);
        waiting->members[waiting->distinct++] = (struct member){.waiting = waiting, .cell = cell};
    }
    waiting->counter = waiting->distinct;
    for (size_t i = 0; i < waiting->distinct; i++) {
        struct member *member = &waiting->members[i];
        leash__callback_init(&member->callback, on_completion);
        leash__fut_add_callback(loop, &member->cell->fut, &member->callback);
    }
}

static int count_done(const struct waiting *waiting, size_t n, unsigned char *done)
{
    int count = 0;
    for (size_t i = 0; i < n; i++) {
        bool is_done = leash__fut_done(&waiting->cells[i]->fut);
        count += is_done;
        if (done)
            done[i] = is_done;
    }
    return count;
}

/* The end of the wait; frees it, at once or with its last callback. */
static void unwatch(struct waiting *waiting)
{
    waiting->over = true;
    for (size_t i = 0; i < waiting->distinct; i++) {
        struct member *member = &waiting->members[i];
        if (leash__fut_done(&member->cell->fut) && !leash__list_empty(&member->callback.node)) {
            waiting->queued++;
            continue;
        }
        leash__callback_remove(&member->callback);
        let_go(member);
    }
    if (waiting->queued == 0)
        free_waiting(waiting);
}

void leash__waits_drop(struct leash__loop *loop)
{
    while (!leash__list_empty(&loop->waits)) {
        struct waiting *waiting = LEASH__CONTAINER(loop->waits.next, struct waiting, node);
        if (waiting->limited)
            leash__timer_cancel(loop, &waiting->alarm.timer);
        for (size_t i = 0; i < waiting->distinct; i++)
            leash__callback_remove(&waiting->members[i].callback);
        free_waiting(waiting);
    }
}

static struct waiting *waiting_new(struct leash__loop *loop, size_t n)
{
    struct waiting *waiting = calloc(1, sizeof *waiting);
    if (!waiting)
        return NULL;
    leash__list_append(&loop->waits, &waiting->node);
    leash__fut_init(&waiting->waiter, LEASH__FUT_PLAIN);
    waiting->cells = calloc(n, sizeof(struct leash__cell *));
    waiting->members = calloc(n, sizeof *waiting->members);
    if (waiting->cells && waiting->members)
        return waiting;
    free_waiting(waiting);
    return NULL;
}

static int find_cells(struct waiting *waiting, const leash_awaitable_t *items, size_t n, struct leash_site *site)
{
    int error = 0;
    for (size_t i = 0; i < n; i++) {
        waiting->cells[i] =
            leash__item_find(items[i], i, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_wait", site, &error);
        if (!waiting->cells[i])
            return error;
    }
    return 0;
}

static int wait_all(struct leash__task *task, struct waiting *waiting, size_t n, double timeout, unsigned char *done,
                    struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    if (leash__limited(timeout)) {
        if (leash__alarm_arm(loop, &waiting->alarm, &waiting->waiter, leash__ns(timeout)) < 0) {
            free_waiting(waiting);
            return leash__refused(-ENOMEM, "leash_wait: no memory for a timer");
        }
        waiting->limited = true;
    }
    uint64_t object = object_event(task, LEASH_OBJECT_WAIT, site);
    watch_all(waiting, loop, n, object);
    leash__waits_at(task, site, "wait");
    bool cancelled = leash__await_waiter(task, &waiting->waiter);
    if (waiting->limited)
        leash__timer_cancel(loop, &waiting->alarm.timer);
    int rc = cancelled ? leash__cancelled_here(task) : count_done(waiting, n, done);
    object_done(loop, object, rc);
    unwatch(waiting);
    return rc;
}

int leash__wait(const leash_awaitable_t *items, size_t n, enum leash_when when, double timeout, unsigned char *done,
                struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_wait", site);
    if (!task)
        return -errno;
    if (n == 0 || (unsigned)when > LEASH_ALL_COMPLETED)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_wait: %s",
                             n ? "`when` is none of enum leash_when" : "there is nothing to wait for");
    int rc = leash__check_list(items, n, "leash_wait", site);
    if (rc < 0)
        return rc;
    struct waiting *waiting = waiting_new(task->cell.loop, n);
    if (!waiting)
        return leash__refused(-ENOMEM, "leash_wait: no memory for %zu items", n);
    waiting->when = when;
    rc = find_cells(waiting, items, n, site);
    if (rc == 0)
        return wait_all(task, waiting, n, timeout, done, site);
    free_waiting(waiting);
    return rc;
}

/* ---- wait_for ---- */

/* True if this wait itself was cancelled. */
static bool cancel_and_wait(struct leash__task *task, struct leash__cell *cell)
{
    struct leash__loop *loop = task->cell.loop;
    struct leash__fut waiter;
    struct release release;
    leash__fut_init(&waiter, LEASH__FUT_PLAIN);
    release_when_done(loop, &release, &cell->fut, &waiter);
    if (cell->kind == LEASH__CELL_TASK)
        LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TASK, task->await_site, cell->id, task->cell.id);
    leash__cancel_fut(loop, &cell->fut, NULL);
    bool cancelled = leash__await_waiter(task, &waiter);
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
        cancel_and_wait(task, cell);
        return leash__cancelled_here(task);
    }
    return cancel_and_wait(task, cell) ? leash__cancelled_here(task) : result_or_timeout(task, cell, result);
}

static int wait_for_nothing(struct leash__task *task, struct leash__cell *cell, void **result)
{
    if (leash__fut_done(&cell->fut))
        return result_of(task, cell, result);
    return cancel_and_wait(task, cell) ? leash__cancelled_here(task) : result_or_timeout(task, cell, result);
}

static int wait_for(struct leash__task *task, const void *handle, double timeout, void **result,
                    struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    struct leash__fut waiter;
    struct leash__alarm alarm;
    leash__fut_init(&waiter, LEASH__FUT_PLAIN);
    if (timeout > 0 && leash__alarm_arm(loop, &alarm, &waiter, leash__ns(timeout)) < 0)
        return leash__refused(-ENOMEM, "leash_wait_for: no memory for a timer");
    struct leash__cell *cell = leash__item(loop, handle, site);
    cell->holds++;
    uint64_t object = object_event(task, LEASH_OBJECT_WAIT_FOR, site);
    child_event(loop, object, cell);
    leash__waits_at(task, site, "wait_for");
    int rc = timeout > 0 ? wait_for_limited(task, cell, &waiter, result) : wait_for_nothing(task, cell, result);
    if (timeout > 0)
        leash__timer_cancel(loop, &alarm.timer);
    object_done(loop, object, rc);
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
    if (cell == &task->cell)
        return leash__misuse(LEASH_MISUSE_SELF_AWAIT, site, -EINVAL, "leash_wait_for: a task cannot await itself");
    if (leash__limited(timeout))
        return wait_for(task, handle, timeout, result, site);
    if (cell->kind != LEASH__CELL_CORO)
        leash__item(cell->loop, handle, site); /* the duty, also if this wait is cut short */
    return leash__await_any(handle, result, site);
}
