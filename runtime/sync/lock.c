/* Algorithm: CPython 3.11's Lock (Lib/asyncio/locks.py), statement by statement. */
#include "lock.h"

#include <errno.h>

#include "await.h"
#include "hold.h"
#include "line.h"
#include "misuse.h"
#include "task.h"

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&((struct leash__lock *)waitable)->waiters);
}

static enum leash__need needs(const struct leash__waitable *waitable, struct leash__needs *needs)
{
    return leash__lock_needs((const struct leash__lock *)waitable, needs);
}

const struct leash__waitable_type leash__lock_type = {
    .kind = LEASH_OBJECT_LOCK, .name = "lock", .size = sizeof(struct leash__lock), .begin = begin, .needs = needs};

enum leash__need leash__lock_needs(const struct leash__lock *lock, struct leash__needs *needs)
{
    return lock->locked ? leash__holds_needs(&lock->base, 1, needs) : LEASH__NEEDS_ANYBODY;
}

struct leash__lock *leash__lock_of(leash_lock_t *lock, const char *call, struct leash_site *site, int *error)
{
    return (struct leash__lock *)leash__waitable_of(lock ? &lock->object : NULL, &leash__lock_type, call, site, error);
}

/* "all(w.cancelled() for w in self._waiters)" */
static bool all_cancelled(const struct leash__node *line)
{
    for (struct leash__node *node = line->next; node != line; node = node->next)
        if (leash__waiter_of(node)->fut.state != LEASH__CANCELLED)
            return false;
    return true;
}

/* Only the first counts, and only while it was not woken. */
static void wake_up_first(struct leash__lock *lock, struct leash__loop *loop)
{
    if (!leash__list_empty(&lock->waiters))
        leash__fut_wake(loop, &leash__waiter_of(lock->waiters.next)->fut);
}

bool leash__lock_take(struct leash__lock *lock, struct leash__task *task, struct leash_site *site)
{
    struct leash__waiter waiter;
    if (lock->locked || !all_cancelled(&lock->waiters)) {
        if (leash__waitable_wait(&lock->base, &lock->waiters, &waiter, site)) {
            if (!lock->locked)
                wake_up_first(lock, task->cell.loop);
            return true;
        }
    }
    lock->locked = true;
    leash__hold_begin(&lock->base, task, site);
    return false;
}

void leash__lock_give(struct leash__lock *lock, struct leash__loop *loop, struct leash_site *site)
{
    lock->locked = false;
    leash__hold_end(&lock->base, loop, site);
    wake_up_first(lock, loop);
}

int leash__lock_acquire(leash_lock_t *lock, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_lock_acquire", site);
    if (!task)
        return -errno;
    struct leash__lock *state = leash__lock_of(lock, "leash_lock_acquire", site, &error);
    if (!state)
        return error;
    return leash__lock_take(state, task, site) ? leash__cancelled_here(task) : 0;
}

int leash__lock_give_if_held(struct leash__lock *lock, const char *call, struct leash_site *site)
{
    if (!lock->locked)
        return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: lock \"%s\" is not held", call,
                             leash__waitable_name(&lock->base));
    leash__lock_give(lock, lock->base.cell->loop, site);
    return 0;
}

int leash__lock_release(leash_lock_t *lock, struct leash_site *site)
{
    int error = 0;
    struct leash__lock *state = leash__lock_of(lock, "leash_lock_release", site, &error);
    return state ? leash__lock_give_if_held(state, "leash_lock_release", site) : error;
}

int leash_lock_locked(leash_lock_t *lock)
{
    int error = 0;
    struct leash__lock *state = leash__lock_of(lock, "leash_lock_locked", NULL, &error);
    return state ? state->locked : error;
}

static const char *busy(const struct leash__waitable *waitable)
{
    const struct leash__lock *lock = (const struct leash__lock *)waitable;
    if (lock->locked)
        return "it is held";
    if (lock->users)
        return "tasks wait for a condition of it";
    return leash__list_empty(&lock->waiters) ? NULL : "tasks wait for it";
}

int leash__lock_destroy(leash_lock_t *lock, const char *call)
{
    return leash__waitable_destroy(lock ? &lock->object : NULL, &leash__lock_type, busy, call);
}

int leash_lock_destroy(leash_lock_t *lock)
{
    return leash__lock_destroy(lock, "leash_lock_destroy");
}
