/* Algorithm: CPython 3.11's gather() and _GatheringFuture (Lib/asyncio/tasks.py). */
#include "gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "cell.h"
#include "failure.h"
#include "future.h"
#include "items.h"
#include "loop.h"
#include "misuse.h"
#include "object.h"
#include "settle.h"
#include "task.h"

struct leash__gather *leash__gather_of(const struct leash__fut *fut)
{
    return LEASH__CONTAINER(fut, const struct leash__cell, fut)->arg;
}

/* ---- outcomes ---- */

static void let_go(void *argument)
{
    struct leash__gather *gather = argument;
    for (size_t i = 0; i < gather->distinct; i++) {
        leash__callback_remove(&gather->members[i].callback);
        gather->members[i].cell->holds--;
        leash__cell_release(gather->members[i].cell);
    }
    free(gather->children);
    free(gather->members);
    free(gather->outcomes);
    free(gather);
}

static void finish_well(struct leash__gather *gather, struct leash__loop *loop)
{
    for (size_t i = 0; i < gather->count; i++) {
        struct leash_outcome *outcome = &gather->outcomes[i];
        outcome->result = NULL;
        outcome->rc = leash__fut_take(&gather->children[i]->fut, &outcome->result);
    }
    leash__fut_set_result(loop, &gather->cell->fut, 0, gather->outcomes, NULL);
}

/* outer.set_exception: a cancellation too is a failure of the gather, not its end as cancelled. */
static void finish_badly(struct leash__gather *gather, struct leash__loop *loop, const struct leash__fut *child,
                         bool cancelled)
{
    leash__fut_set_failure(loop, &gather->cell->fut, cancelled ? -ECANCELED : child->code,
                           leash__failure_ref(child->failure));
    gather->cell->fut.cancelled_error = cancelled;
}

static void all_done(struct leash__gather *gather, struct leash__loop *loop)
{
    for (size_t i = 0; i < gather->distinct; i++) {
        struct leash__fut *child = &gather->members[i].cell->fut;
        if (gather->cancel_requested)
            leash__fut_hide(child);
        else
            child->unseen = LEASH__SEEN;
    }
    if (gather->cancel_requested)
        finish_badly(gather, loop, &gather->children[gather->count - 1]->fut, true);
    else
        finish_well(gather, loop);
}

static void tell_end(struct leash__gather *gather, struct leash__loop *loop)
{
    leash__object_done(loop, gather->object, gather->cell->fut.code);
    leash__future_event(loop, gather->cell);
}

static void child_done(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__gather_member *member = LEASH__CONTAINER(callback, struct leash__gather_member, callback);
    struct leash__gather *gather = member->gather;
    struct leash__fut *child = &member->cell->fut;
    loop->chained = true;
    bool was_over = leash__fut_done(&gather->cell->fut), last = ++gather->finished == gather->distinct;
    if (was_over) {
        leash__fut_hide(child); /* a later failure: looked at, and lost */
    } else if (!gather->return_failures && child->code < 0) {
        child->unseen = LEASH__SEEN;
        finish_badly(gather, loop, child, leash__fut_cancelled_error(child));
    } else if (last) {
        all_done(gather, loop);
    }
    if (!was_over && leash__fut_done(&gather->cell->fut))
        tell_end(gather, loop);
    if (last) {
        gather->cell->holds--;
        leash__cell_release(gather->cell);
    }
}

/* Of what has finished the gather has heard, or is about to. */
enum leash__need leash__gather_needs(const struct leash__gather *gather, struct leash__needs *needs)
{
    bool known = true;
    for (size_t i = 0; i < gather->distinct; i++) {
        struct leash__gather_member *member = &gather->members[i];
        if (leash__fut_done(&member->cell->fut))
            known &= leash__list_empty(&member->callback.node);
        else
            known &= leash__needs_name_end(needs, member->cell);
    }
    if (gather->return_failures)
        return LEASH__NEEDS_ALL;
    return known ? LEASH__NEEDS_ONE : LEASH__NEEDS_ANYBODY; /* any failure ends it */
}

/* ---- making one ---- */

static struct leash__gather *with_room(size_t n)
{
    struct leash__gather *gather = calloc(1, sizeof *gather);
    if (!gather)
        return NULL;
    size_t room = n ? n : 1;
    gather->children = calloc(room, sizeof *gather->children);
    gather->members = calloc(room, sizeof *gather->members);
    gather->outcomes = calloc(room, sizeof *gather->outcomes);
    if (gather->children && gather->members && gather->outcomes)
        return gather;
    let_go(gather);
    return NULL;
}

static void add_member(struct leash__gather *gather, struct leash__loop *loop, struct leash__cell *child)
{
    struct leash__gather_member *member = &gather->members[gather->distinct++];
    member->gather = gather;
    member->cell = child;
    child->holds++;
    leash__child_event(loop, gather->object, child);
    leash__callback_init(&member->callback, child_done);
    leash__fut_add_callback(loop, &child->fut, &member->callback);
}

static void fill(struct leash__gather *gather, struct leash__loop *loop, const leash_awaitable_t *items, size_t n,
                 struct leash_site *site)
{
    uint64_t mark = ++loop->marks;
    for (size_t i = 0; i < n; i++) {
        struct leash__cell *child = leash__item(loop, items[i], site);
        gather->children[gather->count++] = child;
        if (child->mark == mark)
            continue;
        child->mark = mark;
        add_member(gather, loop, child);
    }
}

static struct leash__cell *gather_new(struct leash__loop *loop, const leash_awaitable_t *items, size_t n,
                                      unsigned flags, struct leash_site *site)
{
    struct leash__gather *gather = with_room(n);
    struct leash__cell *cell = gather ? leash__future_new(loop, site, LEASH__FUT_GATHER) : NULL;
    if (!cell) {
        if (gather)
            let_go(gather);
        leash__refused(-ENOMEM, "leash_gather: no memory for %zu items", n);
        return NULL;
    }
    gather->cell = cell;
    gather->return_failures = flags & LEASH_RETURN_FAILURES;
    gather->object = leash__object_new(loop, LEASH_OBJECT_GATHER, site);
    cell->arg = gather;
    cell->drop = let_go;
    fill(gather, loop, items, n, site);
    if (n == 0) {
        finish_well(gather, loop);
        tell_end(gather, loop);
    } else {
        cell->holds++; /* until all children are done */
    }
    return cell;
}

leash_future_t leash__gather(const leash_awaitable_t *items, size_t n, unsigned flags, struct leash_site *site)
{
    struct leash__loop *loop = leash__loop_needed("leash_gather", site);
    if (!loop)
        return NULL;
    if (leash__check_items(items, n, "leash_gather", site) < 0)
        return NULL;
    struct leash__cell *cell = gather_new(loop, items, n, flags, site);
    return cell ? leash__cell_handle(cell, LEASH__HANDLE_FUTURE) : NULL;
}

int leash__gather_wait(const leash_awaitable_t *items, size_t n, unsigned flags, struct leash_outcome *outcomes,
                       struct leash_site *site)
{
    struct leash__task *task = leash__task_needed("leash_gather_wait", site);
    if (!task)
        return -errno;
    int rc = leash__check_items(items, n, "leash_gather_wait", site);
    if (rc < 0)
        return rc;
    struct leash__cell *cell = gather_new(task->cell.loop, items, n, flags, site);
    if (!cell)
        return -ENOMEM;
    void *result = NULL;
    cell->holds++;
    rc = leash__await_cell(task, cell, &result, site);
    cell->holds--;
    if (rc >= 0 && outcomes && n)
        memcpy(outcomes, result, n * sizeof *outcomes);
    leash__settle(cell, task); /* nobody else knows it, also if the wait was cut short */
    return rc;
}
