/* Algorithm: CPython 3.11's Semaphore and BoundedSemaphore (Lib/asyncio/locks.py), statement by statement. */
#include <leash/semaphore.h>

#include <errno.h>
#include <limits.h>

#include "await.h"
#include "hold.h"
#include "line.h"
#include "misuse.h"
#include "task.h"

struct semaphore {
    struct leash__waitable base;
    struct leash__node waiters;
    int value; /* less one for each waiter that was woken: it has its own already */
    int initial;
    bool bounded;
};

static struct semaphore *state_of(const struct leash__waitable *waitable)
{
    return LEASH__CONTAINER(waitable, struct semaphore, base);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    const leash_semaphore_t *program = LEASH__CONTAINER(object, leash_semaphore_t, object);
    struct semaphore *semaphore = state_of(waitable);
    leash__list_init(&semaphore->waiters);
    semaphore->value = semaphore->initial = program->value;
    semaphore->bounded = program->bounded;
}

static void tell(struct leash__events *events, const struct leash__waitable *waitable)
{
    leash__event(events, LEASH_EV_LIMIT, NULL, waitable->cell->id, (uint64_t)state_of(waitable)->initial, 0);
}

static unsigned facts(const struct leash__waitable *waitable)
{
    const struct semaphore *semaphore = state_of(waitable);
    return semaphore->value < semaphore->initial ? LEASH_FACT_SHORT : 0;
}

/* Semaphores are given by timers, too, and by those who took nothing. As long as something may still happen those alone
 * count that were given back by who had them. */
static enum leash__need needs(const struct leash__waitable *waitable, struct leash__needs *needs)
{
    const struct semaphore *semaphore = state_of(waitable);
    if (!needs->standing && !waitable->given_back)
        return LEASH__NEEDS_ANYBODY;
    return leash__holds_needs(waitable, (size_t)semaphore->initial, needs);
}

static const struct leash__waitable_type type = {.kind = LEASH_OBJECT_SEMAPHORE,
                                                 .name = "semaphore",
                                                 .size = sizeof(struct semaphore),
                                                 .begin = begin,
                                                 .tell = tell,
                                                 .facts = facts,
                                                 .needs = needs};

static struct semaphore *find(leash_semaphore_t *semaphore, const char *call, struct leash_site *site, int *error)
{
    if (semaphore && semaphore->value < 0) {
        *error = leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                               "%s: the semaphore begins with %d; make it 0 or more", call, semaphore->value);
        return NULL;
    }
    struct leash__waitable *waitable =
        leash__waitable_of(semaphore ? &semaphore->object : NULL, &type, call, site, error);
    return waitable ? state_of(waitable) : NULL;
}

/* "self._value == 0 or any(not w.cancelled() for w in self._waiters)" */
static bool locked(const struct semaphore *semaphore)
{
    if (semaphore->value == 0)
        return true;
    for (struct leash__node *node = semaphore->waiters.next; node != &semaphore->waiters; node = node->next)
        if (leash__waiter_of(node)->fut.state != LEASH__CANCELLED)
            return true;
    return false;
}

static void wake_up_next(struct semaphore *semaphore)
{
    if (leash__line_wake_next(semaphore->base.cell->loop, &semaphore->waiters))
        semaphore->value--;
}

/* True if cancelled: then nothing was taken, and what was left for it goes to the next one. */
static bool take_turn(struct semaphore *semaphore, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (leash__waitable_wait(&semaphore->base, &semaphore->waiters, &waiter, site)) {
        if (waiter.fut.state != LEASH__CANCELLED) {
            semaphore->value++;
            wake_up_next(semaphore);
        }
        return true;
    }
    if (semaphore->value > 0)
        wake_up_next(semaphore);
    return false;
}

int leash__semaphore_acquire(leash_semaphore_t *program, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_semaphore_acquire", site);
    if (!task)
        return -errno;
    struct semaphore *semaphore = find(program, "leash_semaphore_acquire", site, &error);
    if (!semaphore)
        return error;
    if (!locked(semaphore))
        semaphore->value--;
    else if (take_turn(semaphore, site))
        return leash__cancelled_here(task);
    leash__hold_begin(&semaphore->base, task, site);
    return 0;
}

int leash__semaphore_release(leash_semaphore_t *program, struct leash_site *site)
{
    int error = 0;
    struct semaphore *semaphore = find(program, "leash_semaphore_release", site, &error);
    if (!semaphore)
        return error;
    if (semaphore->value >= (semaphore->bounded ? semaphore->initial : INT_MAX))
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EOVERFLOW,
                             "leash_semaphore_release: semaphore \"%s\" was released more often than acquired",
                             leash__waitable_name(&semaphore->base));
    semaphore->value++;
    if (semaphore->base.cell->loop) /* else nobody has taken any yet */
        leash__hold_end(&semaphore->base, semaphore->base.cell->loop, site);
    wake_up_next(semaphore);
    return 0;
}

int leash_semaphore_locked(leash_semaphore_t *program)
{
    int error = 0;
    struct semaphore *semaphore = find(program, "leash_semaphore_locked", NULL, &error);
    return semaphore ? locked(semaphore) : error;
}

int leash_semaphore_value(leash_semaphore_t *program)
{
    int error = 0;
    struct semaphore *semaphore = find(program, "leash_semaphore_value", NULL, &error);
    return semaphore ? semaphore->value : error;
}

static const char *busy(const struct leash__waitable *waitable)
{
    const struct semaphore *semaphore = state_of(waitable);
    if (!leash__list_empty(&semaphore->waiters))
        return "tasks wait for it";
    return semaphore->value < semaphore->initial ? "not all that was acquired is released" : NULL;
}

int leash_semaphore_destroy(leash_semaphore_t *program)
{
    return leash__waitable_destroy(program ? &program->object : NULL, &type, busy, "leash_semaphore_destroy");
}
