#include "standstill.h"

#include <errno.h>

#include "deadlock_known.h"
#include "deadlock_words.h"
#include "future.h"
#include "leaks.h"
#include "misuse.h"
#include "needs.h"
#include "suspect.h"
#include "task.h"

/* ---- who is to blame ---- */

struct following {
    struct leash__needs needs;
    struct leash__cell *next;
};

/* The first; a task rather than what it may lead to through others. */
static void follow(struct leash__needs *needs, struct leash__cell *cell)
{
    struct following *following = LEASH__CONTAINER(needs, struct following, needs);
    if (!following->next || (following->next->kind != LEASH__CELL_TASK && cell->kind == LEASH__CELL_TASK))
        following->next = cell;
}

static bool waits(const struct leash__cell *cell)
{
    const struct leash__task *task = LEASH__CONTAINER(cell, const struct leash__task, cell);
    return cell->kind != LEASH__CELL_TASK || (task->waiting && !leash__fut_done(task->waiting));
}

/* What main waits for in the end: the task that waits for none, or in a circle that is no deadlock by itself, or is not
 * known to be one. NULL: it waits behind a known one. */
static struct leash__task *root_of_main(struct leash__loop *loop)
{
    struct leash__task *task = loop->main;
    struct leash__cell *cell = &task->cell;
    for (uint64_t mark = ++loop->marks; !task->deadlock;) {
        struct following following = {.needs = {.standing = true, .name = follow}};
        if (cell->mark != mark && waits(cell))
            leash__needs_of(cell, &following.needs);
        if (!following.next)
            return task;
        cell->mark = mark;
        cell = following.next;
        if (cell->kind == LEASH__CELL_TASK)
            task = leash__task_of(cell);
    }
    return NULL;
}

static struct leash__deadlock *note(struct leash__loop *loop, struct leash__task *root, enum leash_deadlock kind)
{
    struct leash__deadlock *deadlock = leash__deadlock_new(loop, kind, 1);
    if (!deadlock)
        return NULL;
    leash__deadlock_join(deadlock, 0, root);
    leash__deadlock_tell(loop, deadlock);
    return deadlock;
}

/* ---- nothing is left ---- */

static void blame(struct leash__loop *loop)
{
    struct leash__task *root = root_of_main(loop);
    if (!root)
        return;
    if (!note(loop, root, LEASH_DEADLOCK_STANDSTILL))
        leash__deadlock_tell_unkept(loop, LEASH_DEADLOCK_STANDSTILL, root);
    leash__deadlock_accuse(root);
}

bool leash__standstill(struct leash__loop *loop)
{
    leash__standstill_woken(loop); /* not that: the threads have ended */
    bool all_found = leash__deadlock_look_now(loop, true) == 0;
    if (!leash__list_empty(&loop->ready))
        return true; /* main is behind a cycle, and was cancelled */
    blame(loop);
    leash__deadlock_say_standstill(loop, all_found);
    leash__deadlock_act(loop, true);
    loop->stays = loop->options.on_deadlock == LEASH_ON_DEADLOCK_REPORT;
    loop->stays_since = loop->pulse.step;
    if (loop->stays || !leash__list_empty(&loop->ready))
        return true;
    loop->stood_still = true;
    leash__refused(-EDEADLK, "deadlock: nothing is ready, no timer is armed, and main is not finished");
    return false;
}

bool leash__standstill_stays(struct leash__loop *loop)
{
    if (!loop->stays || loop->stays_since == loop->pulse.step)
        return loop->stays;
    leash__deadlocks_look_after(loop);
    loop->stays_since = loop->pulse.step;
    loop->stays = root_of_main(loop) == NULL;
    return loop->stays;
}

/* ---- only threads are left that nobody declared ---- */

void leash__standstill_outside(struct leash__loop *loop)
{
    if (loop->outside || loop->judged)
        return;
    leash__deadlock_look_now(loop, false);
    struct leash__task *root = root_of_main(loop);
    loop->outside = root ? note(loop, root, LEASH_DEADLOCK_OUTSIDE) : NULL;
    if (!loop->outside)
        return; /* behind a cycle; or without memory: it is tried again in a second */
    loop->suspect = leash__leak_suspect(root);
    if (!loop->outside_said)
        leash__deadlock_say_outside(loop);
}

void leash__standstill_woken(struct leash__loop *loop)
{
    struct leash__deadlock *deadlock = loop->outside;
    if (!deadlock)
        return;
    leash__suspect_clear(loop->suspect);
    if (!loop->outside_said)
        leash__deadlock_say_undone(loop, deadlock);
    loop->outside_said = true;
    loop->suspect = NULL;
    loop->outside = NULL;
    leash__deadlock_end(loop, deadlock, LEASH_DEADLOCK_UNDONE);
}

void leash__standstill_judge(struct leash__loop *loop)
{
    if (!loop->outside)
        return;
    struct leash__task *root = loop->outside->members[0].task;
    leash__suspect_clear(loop->suspect);
    root->cell.outside = true;
    leash__leak_waits(root);
    loop->suspect = NULL;
    loop->outside = NULL;
}
