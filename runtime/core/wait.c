/* Algorithm: CPython 3.11's wait() and _wait() (Lib/asyncio/tasks.py), statement by statement. */
#include "wait.h"

#include <errno.h>
#include <leash/await.h>
#include <stdlib.h>

#include "await.h"
#include "cell.h"
#include "future.h"
#include "items.h"
#include "misuse.h"
#include "needs.h"
#include "object.h"
#include "task.h"
#include "timer.h"

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
    fut->unseen = LEASH__SEEN; /* exception() looks */
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
    loop->chained = true;
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
        leash__child_event(loop, object, cell);
        waiting->members[waiting->distinct++] = (struct member){.waiting = waiting, .cell = cell};
    }
    waiting->counter = waiting->distinct;
    for (size_t i = 0; i < waiting->distinct; i++) {
        struct member *member = &waiting->members[i];
        leash__callback_init(&member->callback, on_completion);
        leash__fut_add_callback(loop, &member->cell->fut, &member->callback);
    }
}

enum leash__need leash__wait_needs(const struct leash__fut *waiter, struct leash__needs *needs)
{
    const struct waiting *waiting = LEASH__CONTAINER(waiter, const struct waiting, waiter);
    bool all = waiting->when == LEASH_ALL_COMPLETED, known = true;
    if (waiting->limited)
        return LEASH__NEEDS_ANYBODY;
    for (size_t i = 0; i < waiting->distinct; i++) {
        const struct member *member = &waiting->members[i];
        if (leash__fut_done(&member->cell->fut)) /* the wait has heard of it, or is about to */
            known &= leash__list_empty(&member->callback.node);
        else
            known &= leash__needs_name_end(needs, member->cell);
    }
    return all ? LEASH__NEEDS_ALL : known ? LEASH__NEEDS_ONE : LEASH__NEEDS_ANYBODY;
}

void leash__wait_name(const struct leash__fut *waiter, struct leash__needs *needs)
{
    const struct waiting *waiting = LEASH__CONTAINER(waiter, const struct waiting, waiter);
    for (size_t i = 0; i < waiting->distinct; i++)
        leash__needs_name(needs, waiting->members[i].cell);
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
    leash__fut_init(&waiting->waiter, LEASH__FUT_WAIT);
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
    uint64_t object = leash__object_event(task, LEASH_OBJECT_WAIT, site);
    watch_all(waiting, loop, n, object);
    leash__waits_at(task, site, "wait");
    loop->chained = true;
    bool cancelled = leash__await_waiter(task, &waiting->waiter);
    if (waiting->limited)
        leash__timer_cancel(loop, &waiting->alarm.timer);
    int rc = cancelled ? leash__cancelled_here(task) : count_done(waiting, n, done);
    leash__object_done(loop, object, rc);
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
