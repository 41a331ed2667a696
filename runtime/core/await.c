#include "await.h"

#include <errno.h>
#include <leash/await.h>
#include <own_frame.h>

#include "cancel.h"
#include "cell.h"
#include "coro.h"
#include "deadlock.h"
#include "failure.h"
#include "future.h"
#include "gather.h"
#include "misuse.h"
#include "settle.h"
#include "task.h"

void leash__delivered(struct leash__task *task)
{
    task->cancel_seen = true;
    leash__deadlock_thrown(task->cell.loop, task);
    if (task->cancels)
        LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_DELIVERED, NULL, task->cell.id, 0);
}

int leash__cancelled_here(struct leash__task *task)
{
    if (!task->cancel_seen || task->cancels)
        leash__delivered(task);
    task->answers = task->asked;
    leash__failure_set(&task->last_failure, leash__failure_ref(task->cancel_message));
    return -ECANCELED;
}

bool leash__await_waiter(struct leash__task *task, struct leash__fut *waiter)
{
    return leash__await_fut(task, waiter) || waiter->state == LEASH__CANCELLED;
}

/* A gather ends so by a failure, not cancelled: who waits for it gets its own cancellation through that. */
static void cancelled_with(struct leash__task *task, const struct leash__cell *cell)
{
    task->cancel_seen = true;
    if (!cell->fut.cancelled_error || !task->cancels || task->must_cancel)
        return;
    leash__delivered(task);
    task->answers = task->asked;
}

int leash__deliver(struct leash__task *task, struct leash__cell *cell, void **result)
{
    int code = leash__fut_take(&cell->fut, result);
    leash__settle(cell, task);
    if (code < 0) {
        leash__failure_set(&task->last_failure, leash__failure_ref(cell->fut.failure));
        if (leash__fut_cancelled_error(&cell->fut))
            cancelled_with(task, cell);
    }
    return code;
}

/* What is waited for, in the trace. */
static uint64_t target_id(const struct leash__cell *cell)
{
    switch (cell->fut.kind) {
    case LEASH__FUT_GATHER:
        return leash__gather_of(&cell->fut)->object;
    case LEASH__FUT_JOB:
        return cell->object;
    default:
        return cell->id;
    }
}

static void await_event(struct leash__task *task, const struct leash__cell *cell, struct leash_site *site)
{
    static const unsigned kinds[] = {[LEASH__FUT_FUTURE] = LEASH_EV_AWAIT_FUTURE,
                                     [LEASH__FUT_JOB] = LEASH_EV_AWAIT_OBJECT,
                                     [LEASH__FUT_GATHER] = LEASH_EV_AWAIT_OBJECT,
                                     [LEASH__FUT_TASK] = LEASH_EV_AWAIT_TASK};
    LEASH__EVENT_NOW(task->cell.loop, kinds[cell->fut.kind], site, task->cell.id, target_id(cell));
}

/* What it waited for was cancelled. A job's thread may go on all the same: then only the wait is over. */
static void cancelled_through(struct leash__task *task, const struct leash__cell *cell)
{
    if (cell->fut.kind == LEASH__FUT_JOB)
        LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_WAKE, NULL, task->cell.id, ECANCELED);
    leash__cancelled_here(task);
}

static inline __attribute__((always_inline)) int await_cell(struct leash__task *task, struct leash__cell *cell,
                                                            void **result, struct leash_site *site)
{
    static const char *const what[] = {
        [LEASH__FUT_FUTURE] = "future",
        [LEASH__FUT_JOB] = "thread job",
        [LEASH__FUT_GATHER] = "gather",
        [LEASH__FUT_TASK] = "task",
    };
    await_event(task, cell, site);
    if (!leash__fut_done(&cell->fut)) {
        leash__waits_at(task, site, what[cell->fut.kind]);
        task->cell.loop->chained = true;
        cell->holds++;
        bool thrown = leash__await_fut(task, &cell->fut);
        cell->holds--;
        if (thrown) {
            LEASH__EVENT_NOW(task->cell.loop, LEASH_EV_WAKE, NULL, task->cell.id, ECANCELED);
            leash__cell_release(cell);
            return leash__cancelled_here(task);
        }
        if (cell->fut.state == LEASH__CANCELLED)
            cancelled_through(task, cell);
    }
    return leash__deliver(task, cell, result);
}

int leash__await_cell(struct leash__task *task, struct leash__cell *cell, void **result, struct leash_site *site)
{
    return await_cell(task, cell, result, site);
}

LEASH__OWN_FRAME static int await_inline(struct leash__task *task, struct leash__cell *cell, void **result,
                                         struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    struct leash__frame frame;
    leash__coro_take(cell, loop);
    cell->holds++;
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_CORO, site, task->cell.id, cell->coro_id);
    int code = leash__body_run(task, cell, &frame);
    struct leash__ending ending = leash__body_ending(task, &frame, code);
    if (ending.code < 0)
        leash__failure_event(loop, LEASH_SUBJECT_CORO, cell->coro_id, ending.failure);
    if (task->strand) /* the trace knows of no generator that runs */
        leash__event(loop->events, LEASH_EV_JUDGED, NULL, cell->coro_id, LEASH_SUBJECT_CORO, LEASH_FACT_IN_GENERATOR);
    LEASH__EVENT_NOW(loop, LEASH_EV_RETURN, NULL, cell->coro_id, ending.code < 0 ? (uint64_t)-ending.code : 0);
    cell->fut.code = ending.code;
    cell->fut.failure = ending.failure;
    cell->fut.result = frame.result;
    cell->fut.drop = frame.drop;
    cell->fut.state = (uint8_t)ending.state;
    cell->holds--;
    return leash__deliver(task, cell, result);
}

static int await_self(struct leash_site *site)
{
    return leash__misuse(LEASH_MISUSE_SELF_AWAIT, site, -EINVAL, "leash_await: a task cannot await itself");
}

int leash__await_any(const void *handle, void **result, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_await", site);
    if (!task)
        return -errno;
    struct leash__cell *cell = leash__cell_find(handle, LEASH__AWAITABLE_BITS, "leash_await", site, &error);
    if (!cell)
        return error;
    if (cell->kind == LEASH__CELL_CORO)
        return await_inline(task, cell, result, site);
    if (cell == &task->cell)
        return await_self(site);
    return await_cell(task, cell, result, site);
}

int leash__await_coro(leash_coro_t coro, void **result, struct leash_site *site)
{
    return leash__await_any(coro, result, site);
}

int leash__await_task(leash_task_t task, void **result, struct leash_site *site)
{
    return leash__await_any(task, result, site);
}

int leash__await_future(leash_future_t future, void **result, struct leash_site *site)
{
    return leash__await_any(future, result, site);
}
