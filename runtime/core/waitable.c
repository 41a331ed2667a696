#include "waitable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "hold.h"
#include "judge.h"
#include "leak_scope.h"
#include "loop.h"
#include "misuse.h"
#include "settle.h"
#include "unbound.h"

const char *leash__waitable_name(const struct leash__waitable *waitable)
{
    return waitable->cell->name ? waitable->cell->name : "";
}

/* ---- making ---- */

struct leash_site leash__object_made(const struct leash_site *site)
{
    struct leash__thread *self = leash__self();
    struct leash_site made = *site;
    made.id = 0;
    made.reserved = self && self->events.stacks ? (uint32_t)leash__events_stack_here(&self->events, 1) : 0;
    return made;
}

void leash__waitable_event(struct leash__thread *thread, const struct leash__cell *cell)
{
    struct leash__waitable *waitable = cell->arg;
    struct leash__events *events = &thread->events;
    if (!events->at)
        return;
    struct leash_site *site = waitable->made.version ? &waitable->made : NULL;
    uint64_t creator = thread->loop && thread->loop->current ? thread->loop->current->cell.id : 0;
    leash__event(events, LEASH_EV_OBJECT, site, cell->id, waitable->type->kind, creator);
    leash__leak_scope_event(events, LEASH_SUBJECT_OBJECT, cell->id, cell->leak_scope);
    if (cell->name)
        leash__events_text(events, LEASH_EV_NAME, NULL, cell->id, LEASH_SUBJECT_OBJECT, cell->name, strlen(cell->name));
    if (waitable->type->tell)
        waitable->type->tell(events, waitable);
    if (events->stacks && waitable->stack)
        leash__event(events, LEASH_EV_STACK, NULL, cell->id, leash__events_stack_again(events, waitable->stack),
                     LEASH_SUBJECT_OBJECT);
}

/* A handle is made here; a struct of the program's that nobody made by a call is first heard of. */
static void tell_stack(struct leash__events *events, const struct leash__waitable *waitable, bool is_handle)
{
    uint64_t id = waitable->cell->id;
    if (is_handle) {
        leash__events_stack(events, id, LEASH_SUBJECT_OBJECT, 3);
    } else if (!waitable->stack) {
        uint64_t stack = leash__events_stack_here(events, 3);
        if (stack)
            leash__event(events, LEASH_EV_FIRST_USE, NULL, id, stack, 0);
    }
}

/* Also called by leash__cell_free: at the end of a loop. */
static void waitable_free(void *argument)
{
    struct leash__waitable *waitable = argument;
    struct leash__node *holds = &waitable->holds;
    while (!leash__list_empty(holds))
        leash__hold_drop(LEASH__CONTAINER(holds->next, struct leash__hold, in_object));
    if (waitable->type->end)
        waitable->type->end(waitable);
    free(waitable);
}

static void bind(struct leash__cell *cell, struct leash__loop *loop)
{
    if (!cell->loop)
        leash__unbound_remove(cell);
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
    leash__list_append(&loop->cells, &cell->node);
}

/* Belongs to the running loop, or, like a coroutine, to the one that meets it first. */
static void settle_in(struct leash__thread *self, struct leash__cell *cell)
{
    struct leash__loop *loop = self->loop && !self->loop->over ? self->loop : NULL;
    __atomic_store_n(&cell->loop, loop, __ATOMIC_RELAXED);
    if (loop)
        leash__list_append(&loop->cells, &cell->node);
    else
        leash__unbound_add(self, cell);
}

static struct leash__waitable *make(struct leash__thread *self, const struct leash__waitable_type *type,
                                    const struct leash_object *object, const char *name, const struct leash_site *made)
{
    char *copy = name ? strdup(name) : NULL;
    struct leash__waitable *waitable = calloc(1, type->size);
    struct leash__cell *cell = waitable && (copy || !name) ? leash__cell_new(self, LEASH__CELL_OBJECT) : NULL;
    if (!cell) {
        free(waitable);
        free(copy);
        return NULL;
    }
    waitable->cell = cell;
    waitable->type = type;
    if (made) {
        waitable->made = *made;
        waitable->made.reserved = 0;
        waitable->stack = made->reserved;
    }
    leash__list_init(&waitable->holds);
    if (type->begin)
        type->begin(waitable, object);
    cell->site = waitable->made.version ? &waitable->made : NULL;
    cell->name = copy;
    cell->arg = waitable;
    cell->drop = waitable_free;
    cell->owner = true;
    cell->id = leash__id(self, LEASH__ID_OBJECT);
    settle_in(self, cell);
    leash__waitable_event(self, cell);
    if (self->events.stacks)
        tell_stack(&self->events, waitable, !object);
    return waitable;
}

struct leash__waitable *leash__waitable_new(struct leash__loop *loop, const struct leash__waitable_type *type,
                                            const char *name, struct leash_site *site)
{
    struct leash_site made = {.version = site->version,
                              .line = site->line,
                              .file = site->file,
                              .func = site->func,
                              .expr = site->expr,
                              .id = loop->events->at ? leash__site_id(loop->events, site) : 0};
    return make(loop->thread, type, NULL, name, &made);
}

void leash__waitable_set_name(struct leash__waitable *waitable, const char *name)
{
    struct leash__cell *cell = waitable->cell;
    struct leash__events *events = &leash__self_pointer->events;
    cell->name = strdup(name);
    if (cell->name && events->at)
        leash__events_text(events, LEASH_EV_NAME, NULL, cell->id, LEASH_SUBJECT_OBJECT, name, strlen(name));
}

/* ---- finding ---- */

static struct leash__waitable *of_cell(struct leash__cell *cell, const struct leash__waitable_type *type,
                                       const char *call, struct leash_site *site, int *error)
{
    struct leash__waitable *waitable = cell->arg;
    struct leash__loop *loop = leash__running();
    if (waitable->type != type) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: it is a %s", call, waitable->type->name);
        return NULL;
    }
    if (!cell->loop && loop && !loop->over)
        bind(cell, loop);
    return waitable;
}

struct leash__waitable *leash__waitable_handle(const void *handle, const struct leash__waitable_type *type,
                                               const char *call, struct leash_site *site, int *error)
{
    struct leash__cell *cell = leash__cell_find(handle, LEASH__OBJECT_BIT, call, site, error);
    return cell ? of_cell(cell, type, call, site, error) : NULL;
}

struct leash__waitable *leash__waitable_find(struct leash_object *object, const struct leash__waitable_type *type,
                                             const char *call, struct leash_site *site, int *error)
{
    *error = 0;
    if (!object) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the %s is NULL", call, type->name);
        return NULL;
    }
    struct leash__cell *cell = object->state ? leash__cell_of_object(object->state) : NULL;
    if (cell)
        return of_cell(cell, type, call, site, error);
    if (!object->state || leash__handle_is_stale(object->state))
        return NULL;
    return leash__waitable_handle(object->state, type, call, site, error);
}

struct leash__waitable *leash__waitable_of(struct leash_object *object, const struct leash__waitable_type *type,
                                           const char *call, struct leash_site *site, int *error)
{
    struct leash__waitable *waitable = leash__waitable_find(object, type, call, site, error);
    if (waitable || *error)
        return waitable;
    struct leash__thread *self = leash__self();
    waitable = self ? make(self, type, object, object->name, &object->made) : NULL;
    if (waitable)
        object->state = leash__cell_handle(waitable->cell, LEASH__HANDLE_OBJECT);
    else
        *error = leash__refused(-ENOMEM, "%s: no memory for a %s", call, type->name);
    return waitable;
}

/* ---- the end ---- */

unsigned leash__waitable_facts(const struct leash__cell *cell)
{
    const struct leash__waitable *waitable = cell->arg;
    return waitable->type->facts ? waitable->type->facts(waitable) : 0;
}

void leash__waitable_over(struct leash__waitable *waitable, int code)
{
    struct leash__thread *self = leash__self();
    if (waitable->cell->fut.state != LEASH__PENDING)
        return; /* it was told before */
    waitable->cell->fut.state = LEASH__FINISHED;
    if (self && self->events.at)
        leash__event_at(&self->events, LEASH_EV_OBJECT_DONE, NULL, waitable->cell->id, code < 0 ? (uint64_t)-code : 0,
                        self->loop ? leash__now(self->loop) : self->events.last_ns);
}

void leash__waitable_end(struct leash__waitable *waitable, int code)
{
    leash__waitable_over(waitable, code);
    leash__judge_released(waitable->cell);
    leash__cell_free(waitable->cell);
}

void leash__waitable_settle(struct leash__waitable *waitable, struct leash__task *task, int code)
{
    leash__waitable_over(waitable, code);
    leash__settle(waitable->cell, task);
}

int leash__waitable_destroy(struct leash_object *object, const struct leash__waitable_type *type,
                            const char *(*busy)(const struct leash__waitable *), const char *call)
{
    int error = 0;
    struct leash__waitable *waitable = leash__waitable_find(object, type, call, NULL, &error);
    const char *why = waitable && busy ? busy(waitable) : NULL;
    if (error)
        return error;
    if (why)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EBUSY, "%s: %s \"%s\": %s", call, type->name,
                             leash__waitable_name(waitable), why);
    if (waitable)
        leash__waitable_end(waitable, 0);
    object->state = NULL;
    return 0;
}

void leash__object_op(struct leash__loop *loop, unsigned kind, const struct leash__waitable *waitable,
                      struct leash_site *site)
{
    struct leash__thread *self = leash__self(); /* of one without a loop this may be what the thread calls first */
    if (self && self->events.at)
        leash__event_at(&self->events, kind, site, waitable->cell->id,
                        loop && loop->current ? loop->current->cell.id : 0,
                        loop ? leash__now(loop) : self->events.last_ns);
}
