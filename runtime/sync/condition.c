/* Algorithm: CPython 3.11's Condition (Lib/asyncio/locks.py), statement by statement. */
#include <leash/condition.h>

#include <errno.h>
#include <limits.h>

#include "await.h"
#include "line.h"
#include "lock.h"
#include "misuse.h"
#include "task.h"

struct condition {
    struct leash__waitable base;
    struct leash__node waiters;
    const struct leash__lock *lock; /* valid while there are users */
    unsigned users; /* tasks in wait or wait_for, also while they get the lock back or ask the predicate */
};

static struct condition *state_of(const struct leash__waitable *waitable)
{
    return LEASH__CONTAINER(waitable, struct condition, base);
}

static void begin(struct leash__waitable *waitable, const struct leash_object *object)
{
    (void)object;
    leash__list_init(&state_of(waitable)->waiters);
}

static const struct leash__waitable *lock_of(const struct leash__waitable *waitable)
{
    return &state_of(waitable)->lock->base;
}

/* Whoever is notified gets the lock back before the wait ends. */
static enum leash__need needs(const struct leash__waitable *waitable, struct leash__needs *needs)
{
    return leash__lock_needs(state_of(waitable)->lock, needs);
}

static const struct leash__waitable_type type = {.kind = LEASH_OBJECT_CONDITION,
                                                 .name = "condition",
                                                 .size = sizeof(struct condition),
                                                 .begin = begin,
                                                 .needs = needs,
                                                 .lock_of = lock_of};

static struct condition *find(leash_condition_t *condition, const char *call, struct leash_site *site, int *error)
{
    struct leash__waitable *waitable =
        leash__waitable_of(condition ? &condition->object : NULL, &type, call, site, error);
    return waitable ? state_of(waitable) : NULL;
}

static struct leash__lock *find_lock(leash_condition_t *condition, const char *call, struct leash_site *site,
                                     int *error)
{
    if (condition)
        return leash__lock_of(condition->lock ? condition->lock : &condition->own, call, site, error);
    leash__waitable_find(NULL, &type, call, site, error);
    return NULL;
}

static int not_held(const struct condition *condition, const char *call, struct leash_site *site)
{
    return leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL,
                         "%s: the lock of condition \"%s\" is not held; acquire it first", call,
                         leash__waitable_name(&condition->base));
}

/* ---- its lock ---- */

int leash__condition_acquire(leash_condition_t *program, struct leash_site *site)
{
    int error = 0;
    struct leash__task *task = leash__task_needed("leash_condition_acquire", site);
    if (!task)
        return -errno;
    struct leash__lock *lock = find_lock(program, "leash_condition_acquire", site, &error);
    if (!lock)
        return error;
    return leash__lock_take(lock, task, site) ? leash__cancelled_here(task) : 0;
}

int leash__condition_release(leash_condition_t *program, struct leash_site *site)
{
    int error = 0;
    struct leash__lock *lock = find_lock(program, "leash_condition_release", site, &error);
    return lock ? leash__lock_give_if_held(lock, "leash_condition_release", site) : error;
}

int leash_condition_locked(leash_condition_t *program)
{
    int error = 0;
    struct leash__lock *lock = find_lock(program, "leash_condition_locked", NULL, &error);
    return lock ? lock->locked : error;
}

/* ---- waiting ---- */

struct visit {
    struct condition *condition;
    struct leash__lock *lock;
    struct leash__task *task;
    struct leash_site *site;
    const char *call;
};

/* Neither condition nor lock goes before leave(): a predicate may do what it likes. */
static bool enter(struct visit *visit, leash_condition_t *program, int *error)
{
    visit->task = leash__task_needed(visit->call, visit->site);
    if (!visit->task) {
        *error = -errno;
        return false;
    }
    visit->condition = find(program, visit->call, visit->site, error);
    visit->lock = visit->condition ? find_lock(program, visit->call, visit->site, error) : NULL;
    if (!visit->lock)
        return false;
    visit->condition->lock = visit->lock;
    visit->condition->users++;
    visit->lock->users++;
    return true;
}

static int leave(struct visit *visit, int rc)
{
    visit->condition->users--;
    visit->lock->users--;
    return rc;
}

/* wait() */
static int wait_once(const struct visit *visit)
{
    struct condition *condition = visit->condition;
    struct leash__waiter waiter;
    if (!visit->lock->locked)
        return not_held(condition, visit->call, visit->site);
    leash__lock_give(visit->lock, visit->task->cell.loop, visit->site);
    bool cancelled = leash__waitable_wait(&condition->base, &condition->waiters, &waiter, visit->site);
    while (leash__lock_take(visit->lock, visit->task, visit->site))
        cancelled = true;
    return cancelled ? leash__cancelled_here(visit->task) : 0;
}

int leash__condition_wait(leash_condition_t *program, struct leash_site *site)
{
    struct visit visit = {.site = site, .call = "leash_condition_wait"};
    int error = 0;
    return enter(&visit, program, &error) ? leave(&visit, wait_once(&visit)) : error;
}

int leash__condition_wait_for(leash_condition_t *program, int (*predicate)(void *arg), void *arg,
                              struct leash_site *site)
{
    struct visit visit = {.site = site, .call = "leash_condition_wait_for"};
    if (!predicate)
        return leash__misuse(LEASH_MISUSE_NULL_FUNCTION, site, -EINVAL, "%s: the predicate is NULL", visit.call);
    int rc = 0;
    if (!enter(&visit, program, &rc))
        return rc;
    while ((rc = predicate(arg)) == 0 && (rc = wait_once(&visit)) == 0)
        ;
    return leave(&visit, rc);
}

/* ---- waking ---- */

static int wake(struct condition *condition, int n)
{
    int woken = 0;
    for (struct leash__node *node = condition->waiters.next; node != &condition->waiters && woken < n;
         node = node->next) {
        struct leash__fut *fut = &leash__waiter_of(node)->fut;
        if (leash__fut_done(fut))
            continue;
        leash__fut_wake(condition->base.cell->loop, fut);
        woken++;
    }
    return woken;
}

static int notify(leash_condition_t *program, int n, const char *call, struct leash_site *site)
{
    int error = 0;
    struct condition *condition = find(program, call, site, &error);
    const struct leash__lock *lock = condition ? find_lock(program, call, site, &error) : NULL;
    if (!lock)
        return error;
    if (!lock->locked)
        return not_held(condition, call, site);
    leash__object_op(condition->base.cell->loop, LEASH_EV_NOTIFIED, &condition->base, site);
    return wake(condition, n);
}

int leash__condition_notify(leash_condition_t *program, int n, struct leash_site *site)
{
    return notify(program, n, "leash_condition_notify", site);
}

int leash__condition_notify_all(leash_condition_t *program, struct leash_site *site)
{
    return notify(program, INT_MAX, "leash_condition_notify_all", site);
}

/* ---- the end ---- */

static const char *busy(const struct leash__waitable *waitable)
{
    return state_of(waitable)->users ? "tasks wait for it" : NULL;
}

int leash_condition_destroy(leash_condition_t *program)
{
    const char *call = "leash_condition_destroy";
    int rc = program && !program->lock ? leash__lock_destroy(&program->own, call) : 0;
    return rc < 0 ? rc : leash__waitable_destroy(program ? &program->object : NULL, &type, busy, call);
}
