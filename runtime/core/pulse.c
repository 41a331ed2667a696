#include "pulse.h"

#include <stdio.h>
#include <string.h>

#include "future.h"
#include "loop.h"
#include "ports.h"
#include "task.h"
#include "timer.h"

enum { LATE_TOLD = 8 }; /* tasks that are named */

/* ---- who was late ---- */

static void add_late(struct leash__loop *loop, const struct leash__task *task)
{
    struct leash__pulse *pulse = &loop->pulse;
    if (!task || task->cell.id == pulse->task)
        return;
    if (pulse->late++ < LATE_TOLD)
        leash__event(loop->events, LEASH_EV_BLOCK_LATE, NULL, pulse->block, task->cell.id, pulse->late);
}

/* False: it was the last that was ready when it was noticed. What comes behind was made ready by what lasted so long,
 * and has not waited for it. */
static bool add_ready(struct leash__loop *loop, struct leash__node *node)
{
    add_late(loop, leash__task_of_step(LEASH__CONTAINER(node, struct leash__callback, node)));
    return node != loop->pulse.last;
}

static bool add_list(struct leash__loop *loop, struct leash__node *list)
{
    bool more = true;
    for (struct leash__node *node = list->next; more && node != list; node = node->next)
        more = add_ready(loop, node);
    return more;
}

/* Timers whose time came meanwhile, and the tasks that sleep on them. */
static void add_sleepers(struct leash__loop *loop)
{
    uint64_t now = leash__now(loop);
    for (size_t i = 0; i < loop->timers.count; i++) {
        const struct leash__heap_entry *entry = &loop->timers.entries[i];
        if (entry->when <= now)
            add_late(loop, leash__timer_sleeper(LEASH__CONTAINER(entry->item, struct leash__timer, item)));
    }
}

static void tell_late(struct leash__loop *loop, struct leash__callback *next)
{
    bool more = loop->pulse.last && (!next || add_ready(loop, &next->node));
    if (more && add_list(loop, &loop->batch))
        add_list(loop, &loop->ready);
    if (!loop->virtual_time)
        add_sleepers(loop);
    if (loop->pulse.late > LATE_TOLD)
        leash__event(loop->events, LEASH_EV_BLOCK_LATE, NULL, loop->pulse.block, 0, loop->pulse.late);
    loop->pulse.late_told = true;
}

/* ---- how it ended ---- */

static void tell_leak(const struct leash__loop *loop, double seconds)
{
    const struct leash__pulse *pulse = &loop->pulse;
    char text[400];
    if (loop->events->at)
        return;
    const char *where = __atomic_load_n(&pulse->where_known, __ATOMIC_ACQUIRE) ? pulse->where : "";
    snprintf(text, sizeof text, "%s%s%sfor %.3fs", pulse->by_iteration ? "many steps of one iteration, at last " : "",
             where, *where ? ", " : "", seconds);
    size_t length = strlen(text);
    if (pulse->late)
        snprintf(text + length, sizeof text - length, "; %u task%s late", pulse->late,
                 pulse->late == 1 ? " was" : "s were");
    leash__leak_found(&(struct leash__leak){.class = "blocked-loop",
                                            .severity = 'W',
                                            .also = "",
                                            .name = pulse->name,
                                            .file = pulse->site ? pulse->site->file : "",
                                            .func = pulse->site ? pulse->site->func : "",
                                            .line = pulse->site ? pulse->site->line : 0,
                                            .waits_for = "",
                                            .failure = "",
                                            .blocked = text});
}

static void tell_end(struct leash__loop *loop)
{
    struct leash__pulse *pulse = &loop->pulse;
    uint64_t now = leash__clock_system(), lasted = now > pulse->began ? now - pulse->began : 0;
    if (!loop->thread->quiet)
        fprintf(stderr, "leash: loop %llu goes on after %.3fs; tasks that were late: %u\n",
                (unsigned long long)loop->id, (double)lasted / 1e9, pulse->late);
    LEASH__EVENT_NOW(loop, LEASH_EV_BLOCK_END, NULL, pulse->block, lasted / 1000);
    tell_leak(loop, (double)lasted / 1e9);
    pulse->late = 0;
    pulse->late_told = false;
    __atomic_store_n(&pulse->detour, false, __ATOMIC_RELAXED);
    __atomic_store_n(&pulse->noticed, false, __ATOMIC_RELEASE);
}

void leash__pulse_answer(struct leash__loop *loop, struct leash__callback *next, bool iteration_ends)
{
    if (!loop->pulse.late_told)
        tell_late(loop, next);
    if (iteration_ends || !loop->pulse.by_iteration)
        tell_end(loop);
}
