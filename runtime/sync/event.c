/* Algorithm: CPython 3.11's Event (Lib/asyncio/locks.py), statement by statement. */
#include <leash/event.h>

#include <errno.h>

#include "await.h"
#include "line.h"
#include "task.h"

struct event {
    struct leash__waitable base;
    struct leash__node waiters;
    bool set;
};

static struct event *state_of(const struct leash__waitable *waitable)
{
    return LEASH__CONTAINER(waitable, struct event, base);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&state_of(waitable)->waiters);
}

/* It may have been set before anybody recorded. */
static void tell(struct leash__events *events, const struct leash__waitable *waitable)
{
    if (state_of(waitable)->set)
        leash__event_at(events, LEASH_EV_SET, NULL, waitable->cell->id, 0, events->last_ns);
}

static const struct leash__waitable_type type = {
    .kind = LEASH_OBJECT_EVENT, .name = "event", .size = sizeof(struct event), .begin = begin, .tell = tell};

static struct event *find(leash_event_t *event, const char *call, struct leash_site *site, int *error)
{
    struct leash__waitable *waitable = leash__waitable_of(event ? &event->object : NULL, &type, call, site, error);
    return waitable ? state_of(waitable) : NULL;
}

int leash__event_wait(leash_event_t *program, struct leash_site *site)
{
    int error = 0;
    struct leash__waiter waiter;
    struct leash__task *task = leash__task_needed("leash_event_wait", site);
    if (!task)
        return -errno;
    struct event *event = find(program, "leash_event_wait", site, &error);
    if (!event)
        return error;
    if (event->set || !leash__waitable_wait(&event->base, &event->waiters, &waiter, site))
        return 0;
    return leash__cancelled_here(task);
}

int leash__event_set(leash_event_t *program, struct leash_site *site)
{
    int error = 0;
    struct event *event = find(program, "leash_event_set", site, &error);
    if (!event)
        return error;
    if (!event->set) {
        event->set = true;
        leash__object_op(event->base.cell->loop, LEASH_EV_SET, &event->base, site);
        leash__line_wake_all(event->base.cell->loop, &event->waiters);
    }
    return 0;
}

int leash__event_clear(leash_event_t *program, struct leash_site *site)
{
    int error = 0;
    struct event *event = find(program, "leash_event_clear", site, &error);
    if (!event)
        return error;
    if (event->set) {
        event->set = false;
        leash__object_op(event->base.cell->loop, LEASH_EV_CLEARED, &event->base, site);
    }
    return 0;
}

int leash_event_is_set(leash_event_t *program)
{
    int error = 0;
    struct event *event = find(program, "leash_event_is_set", NULL, &error);
    return event ? event->set : error;
}

static const char *busy(const struct leash__waitable *waitable)
{
    return leash__list_empty(&state_of(waitable)->waiters) ? NULL : "tasks wait for it";
}

int leash_event_destroy(leash_event_t *program)
{
    return leash__waitable_destroy(program ? &program->object : NULL, &type, busy, "leash_event_destroy");
}
