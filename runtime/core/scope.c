#include "scope.h"

#include <own_frame.h>

#include "cell.h"

void leash__scope_open(struct leash__scope *scope, const struct leash__scope_type *type, struct leash__task *task)
{
    scope->type = type;
    scope->frame = task->frame;
    scope->task = task;
    scope->outer = task->frame->scopes;
    task->frame->scopes = scope;
    task->cell.holds++;
}

void leash__scope_remove(struct leash__scope *scope)
{
    struct leash__scope **link = &scope->frame->scopes;
    while (*link != scope)
        link = &(*link)->outer;
    *link = scope->outer;
    scope->frame = NULL;
    scope->task->cell.holds--;
    leash__cell_release(&scope->task->cell);
}

bool leash__scope_is_of(const struct leash__scope *scope, const struct leash__task *task)
{
    if (scope->task == task)
        return true;
    for (const struct leash__frame *frame = task->frame; frame; frame = frame->up)
        if (frame == scope->frame)
            return true;
    return false;
}

LEASH__OWN_FRAME int leash__scopes_close_slow(struct leash__task *task, struct leash__frame *frame, int code)
{
    while (frame->scopes)
        code = frame->scopes->type->close(frame->scopes, task, code);
    return code;
}

unsigned leash__scopes_drop(struct leash__frame *frame)
{
    struct leash__scope *scope;
    unsigned lost = 0;
    while ((scope = frame->scopes)) {
        frame->scopes = scope->outer;
        lost += scope->type->drop(scope);
    }
    return lost;
}
