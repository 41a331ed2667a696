#include "needs.h"

#include "future.h"
#include "gather.h"
#include "scope.h"
#include "task.h"
#include "waitable.h"

bool leash__needs_name(struct leash__needs *needs, struct leash__cell *cell)
{
    if (cell->kind != LEASH__CELL_TASK || leash__fut_done(&cell->fut))
        return false;
    needs->name(needs, cell);
    return true;
}

/* What a shield is of, be it another shield. */
static struct leash__cell *behind_shields(struct leash__cell *cell, struct leash__needs *needs)
{
    for (struct leash__cell *inner; (inner = leash__shield_inner(cell)); cell = inner)
        needs->shielded = true;
    return cell;
}

bool leash__needs_name_end(struct leash__needs *needs, struct leash__cell *cell)
{
    cell = behind_shields(cell, needs);
    if (leash__needs_name(needs, cell))
        return true;
    if (cell->fut.kind != LEASH__FUT_GATHER || leash__fut_done(&cell->fut))
        return false;
    needs->name(needs, cell);
    return true;
}

static enum leash__need needs_end(struct leash__cell *cell, struct leash__needs *needs)
{
    return leash__needs_name_end(needs, cell) ? LEASH__NEEDS_ALL : LEASH__NEEDS_ANYBODY;
}

static enum leash__need needs_of_task(const struct leash__task *task, struct leash__needs *needs)
{
    struct leash__fut *fut = task->waiting;
    switch ((enum leash__fut_kind)fut->kind) {
    case LEASH__FUT_FUTURE:
    case LEASH__FUT_TASK:
    case LEASH__FUT_GATHER:
        return needs_end(leash__cell_of(fut), needs);
    case LEASH__FUT_WAIT_CANCELLED:
        return needs_end(leash__wait_for_cell(fut), needs);
    case LEASH__FUT_WAIT:
        return leash__wait_needs(fut, needs);
    default:
        if (!task->line || !task->line->type->needs)
            return LEASH__NEEDS_ANYBODY;
        needs->name(needs, task->line->cell);
        return LEASH__NEEDS_ALL;
    }
}

enum leash__need leash__needs_of(struct leash__cell *cell, struct leash__needs *needs)
{
    if (cell->kind == LEASH__CELL_TASK)
        return needs_of_task(leash__task_of(cell), needs);
    if (cell->kind == LEASH__CELL_FUTURE)
        return leash__gather_needs(leash__gather_of(&cell->fut), needs);
    const struct leash__waitable *waitable = cell->arg;
    return waitable->type->needs(waitable, needs);
}

bool leash__needs_may_know(const struct leash__fut *fut)
{
    switch ((enum leash__fut_kind)fut->kind) {
    case LEASH__FUT_FUTURE:
        return leash__shield_inner(LEASH__CONTAINER(fut, const struct leash__cell, fut)) != NULL;
    case LEASH__FUT_TASK:
    case LEASH__FUT_GATHER:
    case LEASH__FUT_WAIT_CANCELLED:
    case LEASH__FUT_WAIT:
        return true;
    default:
        return false;
    }
}

/* ---- whom it waits for ---- */

void leash__needs_awaited(const struct leash__task *task, struct leash__needs *needs)
{
    struct leash__fut *fut = task->waiting;
    if (!fut || leash__fut_done(fut))
        return;
    const struct leash__gather *gather = fut->kind == LEASH__FUT_GATHER ? leash__gather_of(fut) : NULL;
    for (size_t i = 0; gather && i < gather->distinct; i++)
        leash__needs_name(needs, gather->members[i].cell);
    if (fut->kind == LEASH__FUT_TASK)
        leash__needs_name(needs, leash__cell_of(fut));
    else if (fut->kind == LEASH__FUT_WAIT)
        leash__wait_name(fut, needs);
    else if (fut->kind == LEASH__FUT_WAIT_FOR || fut->kind == LEASH__FUT_WAIT_CANCELLED)
        leash__needs_name(needs, leash__wait_for_cell(fut));
    else if (task->line && task->line->type->kind == LEASH_OBJECT_GROUP)
        task->line->type->needs(task->line, needs);
}

/* ---- time limits ---- */

static void name_members(const struct leash__frame *frame, struct leash__needs *needs)
{
    for (; frame; frame = frame->up)
        for (const struct leash__scope *scope = frame->scopes; scope; scope = scope->outer)
            if (scope->type->cancels)
                scope->type->cancels(scope, needs);
}

static void name_awaited(struct leash__needs *needs, struct leash__fut *fut)
{
    if (!leash__fut_done(fut) && (fut->kind == LEASH__FUT_TASK || fut->kind == LEASH__FUT_GATHER))
        needs->name(needs, leash__cell_of(fut));
}

void leash__needs_cancelled(struct leash__cell *cell, struct leash__needs *needs)
{
    if (cell->kind == LEASH__CELL_FUTURE) {
        const struct leash__gather *gather = leash__gather_of(&cell->fut);
        for (size_t i = 0; i < gather->distinct; i++)
            name_awaited(needs, &gather->members[i].cell->fut);
        return;
    }
    const struct leash__task *task = leash__task_of(cell);
    struct leash__fut *fut = task->waiting;
    name_members(task->frame, needs);
    if (fut)
        name_awaited(needs, fut->kind == LEASH__FUT_WAIT_FOR ? &leash__wait_for_cell(fut)->fut : fut);
}

void leash__needs_limited(const struct leash__frame *frame, struct leash__needs *needs)
{
    for (; frame; frame = frame->up)
        for (const struct leash__scope *scope = frame->scopes; scope; scope = scope->outer)
            if (scope->type->limits && scope->type->limits(scope) && !leash__fut_done(&scope->task->cell.fut))
                needs->name(needs, &scope->task->cell);
}
