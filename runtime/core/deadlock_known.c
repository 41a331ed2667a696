#include "deadlock_known.h"

#include <stdlib.h>

#include "deadlock_words.h"
#include "future.h"
#include "leaks.h"
#include "standstill.h"
#include "task.h"

static uint64_t new_id(void)
{
    static uint64_t ids; /* atomic */
    return __atomic_add_fetch(&ids, 1, __ATOMIC_RELAXED);
}

static struct leash__deadlock *deadlock_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__deadlock, node);
}

/* ---- how it begins ---- */

struct leash__deadlock *leash__deadlock_new(struct leash__loop *loop, enum leash_deadlock kind, size_t count)
{
    struct leash__deadlock *deadlock = calloc(1, sizeof *deadlock + count * sizeof *deadlock->members);
    if (!deadlock)
        return NULL;
    deadlock->id = new_id();
    deadlock->kind = kind;
    deadlock->count = count;
    leash__list_append(&loop->deadlocks, &deadlock->node);
    return deadlock;
}

void leash__deadlock_join(struct leash__deadlock *deadlock, size_t place, struct leash__task *task)
{
    deadlock->members[place] = (struct leash__deadlock_member){task, task->waiting};
    task->deadlock = deadlock;
}

void leash__deadlock_tell(struct leash__loop *loop, const struct leash__deadlock *deadlock)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_DEADLOCK, NULL, deadlock->id, deadlock->kind);
    for (size_t i = 0; i < deadlock->count; i++)
        leash__event(loop->events, LEASH_EV_DEADLOCK_TASK, leash__deadlock_hold_site(deadlock, i), deadlock->id,
                     deadlock->members[i].task->cell.id, i + 1);
}

void leash__deadlock_tell_unkept(struct leash__loop *loop, enum leash_deadlock kind, const struct leash__task *task)
{
    uint64_t id = new_id();
    LEASH__EVENT_NOW(loop, LEASH_EV_DEADLOCK, NULL, id, kind);
    leash__event(loop->events, LEASH_EV_DEADLOCK_TASK, NULL, id, task->cell.id, 1);
}

void leash__deadlock_accuse(struct leash__task *task)
{
    task->cell.deadlocked = true;
    leash__leak_waits(task);
}

/* ---- how it ends ---- */

static void deadlock_free(struct leash__deadlock *deadlock)
{
    for (size_t i = 0; i < deadlock->count; i++)
        deadlock->members[i].task->deadlock = NULL;
    leash__list_remove(&deadlock->node);
    free(deadlock);
}

void leash__deadlock_end(struct leash__loop *loop, struct leash__deadlock *deadlock, enum leash_deadlock_end how)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_DEADLOCK_OVER, NULL, deadlock->id, how);
    deadlock_free(deadlock);
}

/* What it waited for then is nothing to tell of it. */
static void take_back(struct leash__cell *cell)
{
    cell->deadlocked = false;
    free(cell->waited_for);
    cell->waited_for = NULL;
}

/* If it came out of it though nobody was cancelled, nobody is to be accused. */
static void come_out(struct leash__loop *loop, struct leash__deadlock *deadlock)
{
    if (deadlock->cancelled) {
        leash__deadlock_end(loop, deadlock, LEASH_DEADLOCK_CANCELLED);
        return;
    }
    take_back(&deadlock->members[0].task->cell);
    leash__deadlock_say_undone(loop, deadlock);
    leash__deadlock_end(loop, deadlock, LEASH_DEADLOCK_UNDONE);
}

static bool has_moved(const struct leash__deadlock *deadlock)
{
    for (size_t i = 0; i < deadlock->count; i++) {
        const struct leash__deadlock_member *member = &deadlock->members[i];
        if (member->task->waiting != member->waiting || leash__fut_done(member->waiting))
            return true;
    }
    return false;
}

void leash__deadlocks_look_after(struct leash__loop *loop)
{
    for (struct leash__node *node = loop->deadlocks.next, *next; node != &loop->deadlocks; node = next) {
        next = node->next;
        struct leash__deadlock *deadlock = deadlock_of(node);
        if (deadlock != loop->outside && has_moved(deadlock))
            come_out(loop, deadlock);
    }
}

void leash__deadlock_cancelled_slow(struct leash__loop *loop, struct leash__task *task)
{
    if (task->deadlock != loop->outside)
        task->deadlock->cancelled = true;
}

/* It stays a finding: it took somebody from outside. */
void leash__deadlock_thrown_slow(struct leash__loop *loop, struct leash__task *task)
{
    if (task->deadlock->cancelled)
        leash__deadlock_end(loop, task->deadlock, LEASH_DEADLOCK_CANCELLED);
}

void leash__deadlock_left(struct leash__task *task)
{
    struct leash__loop *loop = task->cell.loop;
    if (task->deadlock == loop->outside)
        leash__standstill_woken(loop);
    else
        come_out(loop, task->deadlock);
}

void leash__deadlocks_forget(struct leash__loop *loop)
{
    while (!leash__list_empty(&loop->deadlocks))
        deadlock_free(deadlock_of(loop->deadlocks.next));
}
