/* Algorithm: CPython 3.11's shield() (Lib/asyncio/tasks.py). */
#include <errno.h>
#include <leash/await.h>
#include <stdlib.h>

#include "cell.h"
#include "failure.h"
#include "future.h"
#include "items.h"
#include "loop.h"
#include "misuse.h"
#include "needs.h"
#include "settle.h"
#include "task.h"

/* Hangs on the outer future's cell (drop); holds the inner one. */
struct shield {
    struct leash__cell *outer, *inner;
    struct leash__callback inner_done, outer_done;
    bool watching; /* inner_done has not run: the shield holds its own outer future until then */
};

static void let_go(void *argument)
{
    struct shield *shield = argument;
    leash__callback_remove(&shield->inner_done);
    leash__callback_remove(&shield->outer_done);
    shield->inner->holds--;
    leash__cell_release(shield->inner);
    free(shield);
}

struct leash__cell *leash__shield_inner(const struct leash__cell *cell)
{
    bool is_shield = cell->kind == LEASH__CELL_FUTURE && cell->drop == let_go;
    return is_shield ? ((const struct shield *)cell->arg)->inner : NULL;
}

static void unwatch(struct shield *shield)
{
    if (!shield->watching)
        return;
    shield->watching = false;
    shield->outer->holds--;
    leash__cell_release(shield->outer);
}

static void inner_done(struct leash__callback *callback, struct leash__loop *loop)
{
    struct shield *shield = LEASH__CONTAINER(callback, struct shield, inner_done);
    struct leash__fut *inner = &shield->inner->fut, *outer = &shield->outer->fut;
    if (leash__fut_done(outer)) {
        leash__fut_hide(inner); /* the shield was cancelled: the outcome counts as looked at */
    } else {
        inner->unseen = LEASH__SEEN;
        leash__settle(shield->inner, NULL);
        if (inner->state == LEASH__CANCELLED) {
            leash__fut_set_cancelled(loop, outer, leash__failure_ref(inner->failure));
        } else if (inner->code < 0) {
            leash__fut_set_failure(loop, outer, inner->code, leash__failure_ref(inner->failure));
            outer->cancelled_error = inner->cancelled_error;
        } else {
            leash__fut_set_result(loop, outer, inner->code, inner->result, NULL);
        }
        leash__future_event(loop, shield->outer);
    }
    unwatch(shield);
}

static void outer_done(struct leash__callback *callback, struct leash__loop *loop)
{
    struct shield *shield = LEASH__CONTAINER(callback, struct shield, outer_done);
    (void)loop;
    if (leash__fut_done(&shield->inner->fut))
        return;
    leash__callback_remove(&shield->inner_done);
    unwatch(shield);
}

static struct leash__cell *shield_new(struct leash__loop *loop, const void *handle, struct leash_site *site)
{
    struct shield *shield = calloc(1, sizeof *shield);
    struct leash__cell *outer = shield ? leash__future_new(loop, site, LEASH__FUT_FUTURE) : NULL;
    if (!outer) {
        free(shield);
        leash__refused(-ENOMEM, "leash_shield: no memory");
        return NULL;
    }
    shield->outer = outer;
    shield->inner = leash__item_kept(loop, handle, site);
    shield->inner->holds++;
    shield->watching = true;
    outer->holds++;
    outer->arg = shield;
    outer->drop = let_go;
    leash__callback_init(&shield->inner_done, inner_done);
    leash__callback_init(&shield->outer_done, outer_done);
    leash__fut_add_callback(loop, &shield->inner->fut, &shield->inner_done);
    leash__fut_add_callback(loop, &outer->fut, &shield->outer_done);
    return outer;
}

leash_future_t leash__shield(const void *handle, struct leash_site *site)
{
    int error = 0;
    struct leash__loop *loop = leash__loop_needed("leash_shield", site);
    if (!loop)
        return NULL;
    struct leash__cell *inner = leash__cell_find(handle, LEASH__AWAITABLE_BITS, "leash_shield", site, &error);
    if (!inner)
        return NULL;
    if (inner->kind != LEASH__CELL_CORO && leash__fut_done(&inner->fut))
        return (leash_future_t)(uintptr_t)handle; // NOLINT: an opaque value; a task's handle is awaited as well
    struct leash__cell *outer = shield_new(loop, handle, site);
    return outer ? leash__cell_handle(outer, LEASH__HANDLE_FUTURE) : NULL;
}
