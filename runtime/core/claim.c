#include <leash/claim.h>

#include <errno.h>
#include <leash/task.h>

#include "await.h"
#include "cell.h"
#include "future.h"
#include "items.h"
#include "misuse.h"
#include "settle.h"
#include "task.h"

static void claim_event(const struct leash__cell *cell, enum leash_claim op, struct leash_site *site)
{
    struct leash__thread *self = leash__self(); /* this may be what the thread calls first */
    if (self)
        leash__event(&self->events, LEASH_EV_CLAIM, site, cell->id, op, (uint64_t)leash__subject_of(cell));
}

int leash__ref(const void *handle, struct leash_site *site)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_any(handle, "leash_ref", site, &error);
    if (!cell)
        return error;
    cell->refs++;
    claim_event(cell, LEASH_CLAIM_REF, site);
    return 0;
}

int leash__unref(const void *handle, struct leash_site *site)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_any(handle, "leash_unref", site, &error);
    if (!cell)
        return error;
    if (cell->refs > 0)
        cell->refs--;
    else if (cell->owner)
        cell->owner = false;
    else
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "leash_unref: no claim is left to drop");
    claim_event(cell, LEASH_CLAIM_UNREF, site);
    leash__cell_release(cell);
    return 0;
}

int leash__detach(const void *handle, struct leash_site *site)
{
    int error = 0;
    struct leash__cell *cell =
        leash__cell_find(handle, LEASH__TASK_BIT | LEASH__FUTURE_BIT, "leash_detach", site, &error);
    if (!cell)
        return error;
    claim_event(cell, LEASH_CLAIM_DETACH, site);
    cell->detached = true;
    leash__settle(cell, cell->loop->current);
    leash__cell_release(cell);
    return 0;
}

int leash__task_daemon(const void *task, struct leash_site *site)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_find(task, LEASH__TASK_BIT, "leash_task_daemon", site, &error);
    if (!cell)
        return error;
    claim_event(cell, LEASH_CLAIM_DAEMON, site);
    cell->daemon = true;
    return leash__detach(task, site);
}

int leash_done(const void *handle)
{
    int error = 0;
    if (leash__handle_is_stale(handle))
        return 1;
    struct leash__cell *cell = leash__cell_any(handle, "leash_done", NULL, &error);
    return cell ? leash__fut_done(&cell->fut) : error;
}

int leash_cancelled(const void *handle)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_any(handle, "leash_cancelled", NULL, &error);
    return cell ? cell->fut.state == LEASH__CANCELLED : error;
}

int leash_result(const void *handle, void **result)
{
    int error = 0;
    struct leash__cell *cell = leash__cell_any(handle, "leash_result", NULL, &error);
    if (!cell)
        return error;
    if (!leash__fut_done(&cell->fut))
        return leash__refused(-EBUSY, "leash_result: it is not finished");
    if (!cell->settled)
        claim_event(cell, LEASH_CLAIM_SETTLED, NULL);
    if (cell->loop && cell->loop->current)
        return leash__deliver(cell->loop->current, cell, result);
    int code = leash__fut_take(&cell->fut, result);
    leash__settle_for(cell, cell->loop);
    return code;
}
