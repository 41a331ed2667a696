#include "deadlock_words.h"

#include <stdio.h>

#include "future.h"
#include "hold.h"
#include "task.h"
#include "waits.h"

enum { TOLD = 16 }; /* tasks, of any number */

struct leash_site *leash__deadlock_hold_site(const struct leash__deadlock *deadlock, size_t place)
{
    const struct leash__task *before = deadlock->members[place ? place - 1 : deadlock->count - 1].task;
    const struct leash__waitable *object = before->line;
    if (object && object->type->lock_of)
        object = object->type->lock_of(object);
    for (const struct leash__hold *hold = deadlock->members[place].task->holds; hold; hold = hold->next)
        if (hold->object == object)
            return hold->site;
    return NULL;
}

static void say_task(struct leash__task *task)
{
    char waits[256];
    leash__waits_text(task, waits, sizeof waits);
    fprintf(stderr, "leash:   task #%llu \"%s\" waits for %s\n", (unsigned long long)task->cell.id,
            leash__task_name(task), *waits ? waits : "nothing known");
}

static void say_hold(const struct leash__deadlock *deadlock, size_t place)
{
    const struct leash_site *site = leash__deadlock_hold_site(deadlock, place);
    if (site)
        fprintf(stderr, "leash:     that was acquired at %s:%u in %s\n", site->file, site->line, site->func);
}

static void say_more(size_t count)
{
    if (count > TOLD)
        fprintf(stderr, "leash:   and %zu more\n", count - TOLD);
}

void leash__deadlock_say_cycle(const struct leash__loop *loop, const struct leash__deadlock *deadlock, bool holds_main)
{
    if (loop->thread->quiet)
        return;
    if (deadlock->count == 1)
        fputs("leash: deadlock: a task waits for itself\n", stderr);
    else
        fprintf(stderr, "leash: deadlock: %zu tasks wait for each other\n", deadlock->count);
    for (size_t i = 0; i < deadlock->count && i < TOLD; i++) {
        say_task(deadlock->members[i].task);
        say_hold(deadlock, (i + 1) % deadlock->count);
    }
    say_more(deadlock->count);
    fputs(holds_main ? "leash:   main cannot go on either\n" : "leash:   main may go on\n", stderr);
}

static void say_tasks(const struct leash__loop *loop)
{
    size_t count = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        if (count++ < TOLD)
            say_task(leash__task_of(LEASH__CONTAINER(node, struct leash__cell, node)));
    say_more(count);
}

void leash__deadlock_say_standstill(const struct leash__loop *loop, bool all_found)
{
    if (loop->thread->quiet)
        return;
    fputs("leash: deadlock: nothing is ready, no timer is armed, and main is not finished\n", stderr);
    say_tasks(loop);
    if (!all_found)
        fputs("leash:   there was no memory to find out which of them wait for each other\n", stderr);
}

void leash__deadlock_say_outside(const struct leash__loop *loop)
{
    if (loop->thread->quiet)
        return;
    fputs("leash: deadlock: nothing is ready, no timer is armed, and main is not finished: only threads could wake the "
          "loop that nobody declared (leash_waker_hold)\n",
          stderr);
    say_tasks(loop);
}

void leash__deadlock_say_undone(const struct leash__loop *loop, const struct leash__deadlock *deadlock)
{
    const struct leash__task *first = deadlock->members[0].task;
    if (!loop->thread->quiet)
        fprintf(stderr, "leash: the deadlock of task #%llu was none: its wait came to an end\n",
                (unsigned long long)first->cell.id);
}
