#include "object.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "items.h"
#include "leak_scope.h"

uint64_t leash__object_new(struct leash__loop *loop, enum leash_object_kind kind, struct leash_site *site)
{
    uint64_t object = leash__id(loop->thread, LEASH__ID_OBJECT);
    leash__event(loop->events, LEASH_EV_OBJECT, site, object, kind, loop->current ? loop->current->cell.id : 0);
    if (loop->events->at) {
        leash__leak_scope_event(loop->events, LEASH_SUBJECT_OBJECT, object, leash__leak_scope_here());
        if (loop->events->stacks)
            leash__events_stack(loop->events, object, LEASH_SUBJECT_OBJECT, 2);
    }
    return object;
}

uint64_t leash__object_event(struct leash__task *task, enum leash_object_kind kind, struct leash_site *site)
{
    struct leash__loop *loop = task->cell.loop;
    uint64_t object = leash__object_new(loop, kind, site);
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_OBJECT, site, task->cell.id, object);
    return object;
}

void leash__object_named(struct leash__loop *loop, uint64_t object, const char *format, ...)
{
    char name[128];
    va_list arguments;
    if (!loop->events->at)
        return;
    va_start(arguments, format);
    vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    leash__events_text(loop->events, LEASH_EV_NAME, NULL, object, LEASH_SUBJECT_OBJECT, name, strlen(name));
}

void leash__child_event(struct leash__loop *loop, uint64_t object, const struct leash__cell *cell)
{
    if (cell->fut.kind == LEASH__FUT_JOB)
        leash__event(loop->events, LEASH_EV_CHILD, NULL, object, cell->object, LEASH_SUBJECT_OBJECT);
    else
        leash__event(loop->events, LEASH_EV_CHILD, NULL, object, cell->id, (uint64_t)leash__subject_of(cell));
}

void leash__object_done(struct leash__loop *loop, uint64_t object, int code)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_OBJECT_DONE, NULL, object, code < 0 ? (uint64_t)-code : 0);
}
