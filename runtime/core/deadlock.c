#include "deadlock.h"

#include <errno.h>
#include <stdlib.h>

#include "cancel.h"
#include "deadlock_known.h"
#include "deadlock_words.h"
#include "stuck.h"
#include "poller.h"

/* ---- cycles ---- */

/* The length of the cycle, and the task in it that was made first. */
static size_t measure(const struct leash__stuck *stuck, struct leash__task *in, struct leash__task **first,
                      bool *is_known)
{
    const struct leash__loop *loop = stuck->graph.loop;
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

/* False: no memory. */
static bool note_cycle(const struct leash__stuck *stuck, struct leash__task *in)
{
    struct leash__loop *loop = stuck->graph.loop;
    struct leash__task *at;
    bool is_known;
    size_t count = measure(stuck, in, &at, &is_known);
    if (is_known)
        return true;
    struct leash__deadlock *deadlock = leash__deadlock_new(loop, LEASH_DEADLOCK_CYCLE, count);
    if (!deadlock)
        return false;
    deadlock->doubtful = count == 1 && at->line;
    for (size_t i = 0; i < count; i++, at = leash__stuck_next(stuck, at)) {
        leash__deadlock_join(deadlock, i, at);
        deadlock->doubtful |= leash__stuck_by_shield(stuck, at);
    }
    leash__deadlock_accuse(deadlock->members[0].task);
    leash__deadlock_tell(loop, deadlock);
    leash__deadlock_say_cycle(loop, deadlock, leash__stuck_next(stuck, loop->main) != NULL);
    return true;
}

/* From each stuck task along what waits for what; where that comes back to a task of the same walk, there is a cycle.
 * 0; -ENOMEM: some could not be kept. */
static int note_cycles(const struct leash__stuck *stuck)
{
    uint32_t walk = 0;
    int rc = 0;
    for (size_t i = 0; i < stuck->graph.count; i++) {
        struct leash__task *task = leash__wait_node_task(&stuck->graph.nodes[i]), *next = NULL;
        walk++;
        while (task && (next = leash__stuck_next(stuck, task)) && *leash__stuck_note(stuck, task) == 0) {
            *leash__stuck_note(stuck, task) = walk;
            task = next;
        }
        if (next && *leash__stuck_note(stuck, task) == walk && !note_cycle(stuck, task))
            rc = -ENOMEM;
    }
    return rc;
}

/* It may reach some that end by it, and go round among others: then main waits on once those have ended. */
static void give_up_main(struct leash__loop *loop)
{
    struct leash__task *task = loop->main;
    if (!loop->main_given_up) {
        loop->main_given_up = true;
        loop->given_up_in = task->waiting;
        leash__cancel_main(loop, NULL);
    } else if (loop->given_up_in && loop->given_up_in == task->waiting) {
        loop->given_up_in = NULL;
        leash__cancel_main_itself(loop);
    }
}

void leash__deadlock_act(struct leash__loop *loop, bool main_is_stuck)
{
    if (loop->options.on_deadlock == LEASH_ON_DEADLOCK_ABORT)
        abort();
    if (loop->options.on_deadlock == LEASH_ON_DEADLOCK_CANCEL && main_is_stuck)
        give_up_main(loop);
}

/* One that is more than a standstill which threads may yet end. */
static bool any_is_certain(const struct leash__loop *loop)
{
    for (const struct leash__node *node = loop->deadlocks.next; node != &loop->deadlocks; node = node->next) {
        const struct leash__deadlock *deadlock = LEASH__CONTAINER(node, const struct leash__deadlock, node);
        if (deadlock != loop->outside && !deadlock->doubtful)
            return true;
    }
    return false;
}

static int note_stuck(struct leash__stuck *stuck)
{
    struct leash__loop *loop = stuck->graph.loop;
    int rc = leash__stuck_heed_limits(stuck);
    if (rc == 0)
        rc = note_cycles(stuck);
    if (any_is_certain(loop))
        leash__deadlock_act(loop, leash__stuck_next(stuck, loop->main) != NULL);
    return rc;
}

int leash__deadlock_look_now(struct leash__loop *loop, bool standing)
{
    enum { TASKS = 16 }; /* that an idle moment of the virtual clock may cost */
    struct leash__stuck stuck;
    leash__deadlocks_look_after(loop);
    int rc = leash__stuck_look(&stuck, loop, standing);
    if (rc < 0)
        return rc;
    if (leash__stuck_count(&stuck) > 0)
        rc = note_stuck(&stuck);
    loop->look_skip = loop->virtual_time ? stuck.visited / TASKS : 0;
    leash__stuck_free(&stuck);
    return rc;
}

/* Virtual time must not depend on how fast the machine is: there looks are as many idle moments apart as there are
 * tasks. What memory was wanting for is looked for again. */
uint64_t leash__deadlock_look_slow(struct leash__loop *loop)
{
    enum { SHARE = 100, AGAIN_NS = 100000000 };
    uint64_t began = leash__clock_system();
    if (loop->virtual_time && loop->look_skip > 0) {
        loop->look_skip--;
        return LEASH__NEVER;
    }
    if (!loop->virtual_time && began < loop->look_after)
        return loop->look_after;
    loop->chained = leash__deadlock_look_now(loop, false) < 0;
    uint64_t now = leash__clock_system();
    loop->look_after = now + (loop->chained ? AGAIN_NS : SHARE * (now - began));
    return loop->chained ? loop->look_after : LEASH__NEVER;
}
