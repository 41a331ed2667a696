#include "deadlock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cancel.h"
#include "deadlock_words.h"
#include "future.h"
#include "leaks.h"
#include "misuse.h"
#include "needs.h"
#include "poller.h"
#include "stuck.h"
#include "task.h"

static struct leash__deadlock *deadlock_of(struct leash__node *node)
{
    return LEASH__CONTAINER(node, struct leash__deadlock, node);
}

/* ---- the list of those that are known ---- */

static void tell(struct leash__loop *loop, const struct leash__deadlock *deadlock)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_DEADLOCK, NULL, deadlock->id, deadlock->kind);
    for (size_t i = 0; i < deadlock->count; i++)
        leash__event(loop->events, LEASH_EV_DEADLOCK_TASK, leash__deadlock_hold_site(deadlock, i), deadlock->id,
                     deadlock->members[i].task->cell.id, i + 1);
}

/* Of `count` tasks, still to be filled in. NULL: no memory. */
static struct leash__deadlock *deadlock_new(struct leash__loop *loop, enum leash_deadlock kind, size_t count)
{
    static uint64_t ids; /* atomic */
    struct leash__deadlock *deadlock = calloc(1, sizeof *deadlock + count * sizeof *deadlock->members);
    if (!deadlock)
        return NULL;
    deadlock->id = __atomic_add_fetch(&ids, 1, __ATOMIC_RELAXED);
    deadlock->kind = kind;
    deadlock->count = count;
    leash__list_append(&loop->deadlocks, &deadlock->node);
    return deadlock;
}

static void deadlock_free(struct leash__deadlock *deadlock)
{
    for (size_t i = 0; i < deadlock->count; i++)
        deadlock->members[i].task->deadlock = NULL;
    leash__list_remove(&deadlock->node);
    free(deadlock);
}

static void join(struct leash__deadlock *deadlock, size_t place, struct leash__task *task)
{
    deadlock->members[place] = (struct leash__deadlock_member){task, task->waiting};
    task->deadlock = deadlock;
}

/* The report at exit names the first. */
static void accuse(struct leash__deadlock *deadlock)
{
    struct leash__task *first = deadlock->members[0].task;
    first->cell.deadlocked = true;
    leash__leak_waits(first);
}

static void end(struct leash__loop *loop, struct leash__deadlock *deadlock, enum leash_deadlock_end how)
{
    LEASH__EVENT_NOW(loop, LEASH_EV_DEADLOCK_OVER, NULL, deadlock->id, how);
    deadlock_free(deadlock);
}

/* It came out of it though nobody was cancelled: nobody is to be accused. */
static void take_back(struct leash__loop *loop, struct leash__deadlock *deadlock)
{
    deadlock->members[0].task->cell.deadlocked = false;
    leash__deadlock_say_undone(loop, deadlock);
    end(loop, deadlock, LEASH_DEADLOCK_UNDONE);
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

static void look_after_known(struct leash__loop *loop)
{
    for (struct leash__node *node = loop->deadlocks.next, *next; node != &loop->deadlocks; node = next) {
        next = node->next;
        struct leash__deadlock *deadlock = deadlock_of(node);
        if (deadlock != loop->outside && has_moved(deadlock))
            take_back(loop, deadlock);
    }
}

/* It stays a finding: it took somebody from outside. */
void leash__deadlock_cancelled_slow(struct leash__loop *loop, struct leash__task *task)
{
    if (task->deadlock != loop->outside)
        end(loop, task->deadlock, LEASH_DEADLOCK_CANCELLED);
}

void leash__deadlock_left(struct leash__task *task)
{
    struct leash__loop *loop = task->cell.loop;
    if (task->deadlock == loop->outside)
        leash__deadlock_woken(loop);
    else
        take_back(loop, task->deadlock);
}

/* ---- cycles ---- */

/* The length of the cycle, and the task in it that was made first. */
static size_t measure(const struct leash__stuck *stuck, struct leash__task *in, struct leash__task **first,
                      bool *is_known)
{
    const struct leash__loop *loop = stuck->loop;
    struct leash__task *at = in;
    size_t count = 0;
    *first = in;
    *is_known = false;
    do {
        if (at->cell.id < (*first)->cell.id)
            *first = at;
        *is_known |= at->deadlock && at->deadlock != loop->outside;
        count++;
        at = leash__stuck_next(stuck, at);
    } while (at != in);
    return count;
}

static void note_cycle(struct leash__stuck *stuck, struct leash__task *in)
{
    struct leash__loop *loop = stuck->loop;
    struct leash__task *at;
    bool is_known;
    size_t count = measure(stuck, in, &at, &is_known);
    struct leash__deadlock *deadlock = is_known ? NULL : deadlock_new(loop, LEASH_DEADLOCK_CYCLE, count);
    if (!deadlock)
        return;
    for (size_t i = 0; i < count; i++, at = leash__stuck_next(stuck, at))
        join(deadlock, i, at);
    accuse(deadlock);
    tell(loop, deadlock);
    leash__deadlock_say_cycle(loop, deadlock, leash__stuck_next(stuck, loop->main) != NULL);
}

/* From each stuck task along what waits for what; where that comes back to a task of the same walk, there is a cycle.
 */
static void note_cycles(struct leash__stuck *stuck)
{
    uint32_t walk = 0;
    for (size_t i = 0; i < stuck->count; i++) {
        struct leash__task *task = leash__stuck_task(stuck, i), *next;
        walk++;
        while ((next = leash__stuck_next(stuck, task)) && *leash__stuck_note(stuck, task) == 0) {
            *leash__stuck_note(stuck, task) = walk;
            task = next;
        }
        if (next && *leash__stuck_note(stuck, task) == walk)
            note_cycle(stuck, task);
    }
}

static void give_main_up(struct leash__loop *loop)
{
    loop->main_given_up = true;
    LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TASK, NULL, loop->main->cell.id, 0);
    leash__cancel_fut(loop, &loop->main->cell.fut, NULL, false);
}

/* What the options want as soon as one is known. */
static void act(struct leash__loop *loop, bool main_is_stuck)
{
    if (loop->options.on_deadlock == LEASH_ON_DEADLOCK_ABORT)
        abort();
    if (loop->options.on_deadlock == LEASH_ON_DEADLOCK_CANCEL && main_is_stuck && !loop->main_given_up)
        give_main_up(loop);
}

/* 0; -ENOMEM. */
static int look(struct leash__loop *loop, bool standing)
{
    enum { TASKS = 16 }; /* that an idle moment of the virtual clock may cost */
    struct leash__stuck stuck;
    look_after_known(loop);
    int rc = leash__stuck_look(&stuck, loop, standing);
    if (rc < 0)
        return rc;
    if (leash__stuck_count(&stuck) > 0) {
        leash__stuck_heed_limits(&stuck);
        note_cycles(&stuck);
        if (!leash__list_empty(&loop->deadlocks))
            act(loop, leash__stuck_next(&stuck, loop->main) != NULL);
    }
    loop->look_skip = loop->virtual_time ? stuck.visited / TASKS : 0;
    leash__stuck_free(&stuck);
    return 0;
}

/* Virtual time must not depend on how fast the machine is: there looks are as many idle moments apart as there are
 * tasks. */
uint64_t leash__deadlock_look_slow(struct leash__loop *loop)
{
    enum { SHARE = 100 };
    uint64_t began = leash__clock_system();
    if (loop->virtual_time && loop->look_skip > 0) {
        loop->look_skip--;
        return LEASH__NEVER;
    }
    if (!loop->virtual_time && began < loop->look_after)
        return loop->look_after;
    loop->chained = look(loop, false) < 0;
    uint64_t now = leash__clock_system();
    loop->look_after = now + SHARE * (now - began);
    return LEASH__NEVER;
}

/* ---- standstills ---- */

struct following {
    struct leash__needs needs;
    struct leash__task *next;
};

static void follow(struct leash__needs *needs, struct leash__task *task)
{
    struct following *following = LEASH__CONTAINER(needs, struct following, needs);
    if (!following->next)
        following->next = task;
}

/* What main waits for in the end: the task that waits for none. NULL: it waits behind a cycle. */
static struct leash__task *root_of_main(struct leash__loop *loop)
{
    struct leash__task *task = loop->main;
    for (uint64_t mark = ++loop->marks; task->cell.mark != mark && !task->deadlock;) {
        struct following following = {{true, follow}, NULL};
        task->cell.mark = mark;
        if (task->waiting && !leash__fut_done(task->waiting))
            leash__needs_of(task, &following.needs);
        if (!following.next)
            return task;
        task = following.next;
    }
    return NULL;
}

static struct leash__deadlock *note_standstill(struct leash__loop *loop, enum leash_deadlock kind)
{
    struct leash__task *root = root_of_main(loop);
    struct leash__deadlock *deadlock = root ? deadlock_new(loop, kind, 1) : NULL;
    if (!deadlock)
        return NULL;
    join(deadlock, 0, root);
    tell(loop, deadlock);
    return deadlock;
}

bool leash__deadlock_stands(struct leash__loop *loop)
{
    look(loop, true);
    if (!leash__list_empty(&loop->ready))
        return true; /* main is behind a cycle, and was cancelled */
    struct leash__deadlock *deadlock = note_standstill(loop, LEASH_DEADLOCK_STANDSTILL);
    if (deadlock)
        accuse(deadlock);
    leash__deadlock_say_standstill(loop);
    act(loop, true);
    loop->stays = loop->options.on_deadlock == LEASH_ON_DEADLOCK_REPORT;
    if (loop->stays || !leash__list_empty(&loop->ready))
        return true;
    loop->stood_still = true;
    leash__refused(-EDEADLK, "deadlock: nothing is ready, no timer is armed, and main is not finished");
    return false;
}

void leash__deadlock_outside(struct leash__loop *loop)
{
    if (loop->outside || loop->judged)
        return;
    look(loop, false);
    loop->outside = note_standstill(loop, LEASH_DEADLOCK_OUTSIDE);
}

void leash__deadlock_woken(struct leash__loop *loop)
{
    struct leash__deadlock *deadlock = loop->outside;
    loop->outside = NULL;
    if (deadlock)
        end(loop, deadlock, LEASH_DEADLOCK_UNDONE);
}

/* ---- the end ---- */

/* The number of the deadlock that a task is in, or waits behind, once it is known to its note; 0: of none. */
static uint32_t deadlock_behind(struct leash__stuck *stuck, struct leash__task *from)
{
    const struct leash__loop *loop = stuck->loop;
    enum { ON_THE_WAY = UINT32_MAX };
    struct leash__task *at = from, *next;
    uint32_t found = 0;
    while (!found && (next = leash__stuck_next(stuck, at))) {
        uint32_t *note = leash__stuck_note(stuck, at);
        if (*note == ON_THE_WAY)
            break;
        if (*note)
            found = *note;
        else if (at->deadlock && at->deadlock != loop->outside)
            found = (uint32_t)at->deadlock->id;
        else
            *note = ON_THE_WAY;
        at = next;
    }
    for (at = from; (next = leash__stuck_next(stuck, at)) && *leash__stuck_note(stuck, at) == ON_THE_WAY && found;
         at = next)
        *leash__stuck_note(stuck, at) = found;
    return found;
}

static void note_victims(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->loop;
    for (size_t i = 0; i < stuck->count; i++) {
        struct leash__task *task = leash__stuck_task(stuck, i);
        uint32_t id = deadlock_behind(stuck, task);
        if (!id)
            continue;
        if (!task->deadlock)
            leash__event(loop->events, LEASH_EV_DEADLOCK_TASK, NULL, id, task->cell.id, 0);
        task->cell.victim = !task->cell.deadlocked;
    }
}

void leash__deadlock_judge(struct leash__loop *loop)
{
    struct leash__stuck stuck;
    look_after_known(loop);
    if (!leash__list_empty(&loop->deadlocks) && leash__stuck_look(&stuck, loop, loop->stood_still) == 0) {
        note_victims(&stuck);
        leash__stuck_free(&stuck);
    }
    loop->outside = NULL;
    while (!leash__list_empty(&loop->deadlocks))
        deadlock_free(deadlock_of(loop->deadlocks.next));
}
