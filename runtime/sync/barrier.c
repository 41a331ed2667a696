/* Algorithm: CPython 3.11's Barrier (Lib/asyncio/locks.py), statement by statement. Its condition is but a line here:
 * nothing suspends while the condition's lock is held, so that it is always free, and to take it changes nothing. */
#include <leash/barrier.h>

#include <errno.h>

#include "await.h"
#include "line.h"
#include "misuse.h"
#include "task.h"

enum state { FILLING, DRAINING, RESETTING, BROKEN };

struct barrier {
    struct leash__waitable base;
    struct leash__node waiters; /* those who are in, and those who wait to come in */
    enum state state;
    int parties;
    int count; /* of those who are in */
};

static struct barrier *state_of(const struct leash__waitable *waitable)
{
    return LEASH__CONTAINER(waitable, struct barrier, base);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    struct barrier *barrier = state_of(waitable);
    leash__list_init(&barrier->waiters);
    barrier->parties = LEASH__CONTAINER(object, leash_barrier_t, object)->parties;
}

/* It may have been broken before anybody recorded. */
static void tell(struct leash__events *events, const struct leash__waitable *waitable)
{
    const struct barrier *barrier = state_of(waitable);
    leash__event(events, LEASH_EV_LIMIT, NULL, waitable->cell->id, (uint64_t)barrier->parties, 0);
    if (barrier->state == BROKEN)
        leash__event_at(events, LEASH_EV_SHUT, NULL, waitable->cell->id, 0, events->last_ns);
}

static const struct leash__waitable_type type = {
    .kind = LEASH_OBJECT_BARRIER, .name = "barrier", .size = sizeof(struct barrier), .begin = begin, .tell = tell};

static struct barrier *find(leash_barrier_t *barrier, const char *call, struct leash_site *site, int *error)
{
    if (barrier && barrier->parties < 1) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: the barrier has %d parties; make it 1 or more",
                               call, barrier->parties);
        return NULL;
    }
    struct leash__waitable *waitable = leash__waitable_of(barrier ? &barrier->object : NULL, &type, call, site, error);
    return waitable ? state_of(waitable) : NULL;
}

/* ---- waiting ---- */

static int broken(const struct barrier *barrier)
{
    return leash__refused(-EPIPE, "leash_barrier_wait: barrier \"%s\" is broken, or was reset",
                          leash__waitable_name(&barrier->base));
}

/* "await self._cond.wait()": true if cancelled. */
static bool wait_once(struct barrier *barrier, struct leash_site *site)
{
    struct leash__waiter waiter;
    return leash__waitable_wait(&barrier->base, &barrier->waiters, &waiter, site);
}

/* _block: until the last ones have left. */
static int come_in(struct barrier *barrier, struct leash__task *task, struct leash_site *site)
{
    while (barrier->state == DRAINING || barrier->state == RESETTING)
        if (wait_once(barrier, site))
            return leash__cancelled_here(task);
    return barrier->state == BROKEN ? broken(barrier) : 0;
}

/* _wait: until all are there. */
static int wait_for_others(struct barrier *barrier, struct leash__task *task, struct leash_site *site)
{
    while (barrier->state == FILLING)
        if (wait_once(barrier, site))
            return leash__cancelled_here(task);
    return barrier->state == DRAINING ? 0 : broken(barrier);
}

static void wake_all(struct barrier *barrier)
{
    leash__line_wake_all(barrier->base.cell->loop, &barrier->waiters);
}

/* _exit: the last one lets in those who wait for that. */
static void leave(struct barrier *barrier)
{
    if (--barrier->count > 0)
        return;
    if (barrier->state != BROKEN)
        barrier->state = FILLING;
    wake_all(barrier);
}

int leash__barrier_wait(leash_barrier_t *program, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_barrier_wait", site);
    if (!task)
        return -errno;
    struct barrier *barrier = find(program, "leash_barrier_wait", site, &error);
    int rc = barrier ? come_in(barrier, task, site) : error;
    if (rc < 0)
        return rc;
    int index = barrier->count++;
    if (index + 1 == barrier->parties) {
        barrier->state = DRAINING;
        wake_all(barrier);
    } else {
        rc = wait_for_others(barrier, task, site);
    }
    leave(barrier);
    return rc < 0 ? rc : index;
}

/* ---- reset and abort ---- */

int leash__barrier_reset(leash_barrier_t *program, struct leash_site *site)
{
    int error = 0;
    struct barrier *barrier = find(program, "leash_barrier_reset", site, &error);
    if (!barrier)
        return error;
    barrier->state = barrier->count > 0 ? RESETTING : FILLING;
    wake_all(barrier);
    return 0;
}

int leash__barrier_abort(leash_barrier_t *program, struct leash_site *site)
{
    int error = 0;
    struct barrier *barrier = find(program, "leash_barrier_abort", site, &error);
    if (!barrier)
        return error;
    if (barrier->state != BROKEN)
        leash__object_op(barrier->base.cell->loop, LEASH_EV_SHUT, &barrier->base, site);
    barrier->state = BROKEN;
    wake_all(barrier);
    return 0;
}

/* ---- questions, and the end ---- */

int leash_barrier_n_waiting(leash_barrier_t *program)
{
    int error = 0;
    struct barrier *barrier = find(program, "leash_barrier_n_waiting", NULL, &error);
    if (!barrier)
        return error;
    return barrier->state == FILLING ? barrier->count : 0;
}

int leash_barrier_parties(leash_barrier_t *program)
{
    int error = 0;
    struct barrier *barrier = find(program, "leash_barrier_parties", NULL, &error);
    return barrier ? barrier->parties : error;
}

int leash_barrier_broken(leash_barrier_t *program)
{
    int error = 0;
    struct barrier *barrier = find(program, "leash_barrier_broken", NULL, &error);
    return barrier ? barrier->state == BROKEN : error;
}

static const char *busy(const struct leash__waitable *waitable)
{
    return leash__list_empty(&state_of(waitable)->waiters) ? NULL : "tasks wait for it";
}

int leash_barrier_destroy(leash_barrier_t *program)
{
    return leash__waitable_destroy(program ? &program->object : NULL, &type, busy, "leash_barrier_destroy");
}
