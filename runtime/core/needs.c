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
    needs->name(needs, leash__task_of(cell));
    return true;
}

enum leash__need leash__needs_of(const struct leash__task *task, struct leash__needs *needs)
{
    struct leash__fut *fut = task->waiting;
    switch ((enum leash__fut_kind)fut->kind) {
    case LEASH__FUT_TASK:
        leash__needs_name(needs, leash__cell_of(fut));
        return LEASH__NEEDS_ALL;
    case LEASH__FUT_GATHER:
        return leash__gather_needs(leash__gather_of(fut), needs);
    case LEASH__FUT_WAIT:
        return leash__wait_needs(fut, needs);
    default:
        return task->line && task->line->type->needs ? task->line->type->needs(task->line, needs)
                                                     : LEASH__NEEDS_ANYBODY;
    }
}

/* ---- time limits ---- */

static void name_members(const struct leash__frame *frame, struct leash__needs *needs)
{
    for (; frame; frame = frame->up)
        for (const struct leash__scope *scope = frame->scopes; scope; scope = scope->outer)
            if (scope->type->cancels)
                scope->type->cancels(scope, needs);
}

/* NOLINTNEXTLINE(misc-no-recursion): of gathers in gathers, and no deeper than `most` */
static void name_awaited(struct leash__fut *fut, struct leash__needs *needs, unsigned most)
{
    if (fut->kind == LEASH__FUT_WAIT_FOR)
        fut = &leash__wait_for_cell(fut)->fut;
    if (leash__fut_done(fut))
        return;
    if (fut->kind == LEASH__FUT_TASK)
        leash__needs_name(needs, leash__cell_of(fut));
    const struct leash__gather *gather = fut->kind == LEASH__FUT_GATHER && most ? leash__gather_of(fut) : NULL;
    for (size_t i = 0; gather && i < gather->distinct; i++)
        name_awaited(&gather->members[i].cell->fut, needs, most - 1);
}

void leash__needs_cancelled(const struct leash__task *task, struct leash__needs *needs)
{
    enum { DEEP = 100 };
    name_members(task->frame, needs);
    if (task->waiting)
        name_awaited(task->waiting, needs, DEEP);
}

bool leash__needs_limited(const struct leash__task *task)
{
    for (const struct leash__frame *frame = task->frame; frame; frame = frame->up)
        for (const struct leash__scope *scope = frame->scopes; scope; scope = scope->outer)
            if (scope->type->limits && scope->task == task && scope->type->limits(scope))
                return true;
    return false;
}
