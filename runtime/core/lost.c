#include "lost.h"

#include <arena.h>
#include <errno.h>
#include <leash/scan.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "future.h"
#include "held.h"
#include "loop.h"
#include "misuse.h"
#include "patrol.h"
#include "ports.h"
#include "task.h"

/* One scan, until it is answered: in pages of the arena, which the scan leaves out. Handles are encoded there and
 * nowhere else. */
struct leash__lost_look {
    size_t size;
    uint64_t id;         /* of the scan */
    unsigned candidates; /* of all that is asked for, those that may be lost */
    struct leash__scan_later *later;
    struct leash__scan_request request;
    uint64_t pause_ns; /* valid while the answer is awaited */
    uint64_t *handles;
    void **tasks;
    uint32_t *keepers;
    unsigned char *found;
};

/* What a walk over the loop's tasks finds. */
struct survey {
    size_t held; /* that need a holder */
    bool lost;   /* any may be */
};

/* Nobody needs to hold those now that were detached, or got a waiter from leash_all_tasks. */
static void take_back(struct leash__loop *loop, struct leash__cell *cell)
{
    cell->lost = false;
    LEASH__EVENT_NOW(loop, LEASH_EV_HELD, NULL, cell->id, 0);
}

static struct survey survey(struct leash__loop *loop)
{
    struct survey out = {0};
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        bool needs = leash__needs_holder(loop, cell), may = needs && leash__list_empty(&cell->fut.callbacks);
        out.held += needs;
        out.lost |= may;
        if (cell->lost && !may)
            take_back(loop, cell);
    }
    return out;
}

static struct leash__lost_look *look_new(size_t count)
{
    struct leash__lost_look *look;
    size_t each = sizeof *look->handles + sizeof *look->tasks + sizeof *look->keepers + sizeof *look->found;
    size_t size = sizeof *look + count * each;
    look = leash__arena_map(size);
    if (!look)
        return NULL;
    look->size = size;
    look->handles = (uint64_t *)(look + 1);
    look->tasks = (void **)(look->handles + count);
    look->keepers = (uint32_t *)(look->tasks + count);
    look->found = (unsigned char *)(look->keepers + count);
    return look;
}

static void look_free(struct leash__lost_look *look)
{
    leash__arena_unmap(look, look->size);
}

__attribute__((noinline)) static void fill(struct leash__lost_look *look, struct leash__loop *loop)
{
    size_t i = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (!leash__needs_holder(loop, cell))
            continue;
        look->tasks[i] = leash__task_of(cell);
        look->handles[i++] = leash__handle_encode(LEASH__HANDLE_TASK, cell->slot, cell->generation);
        look->candidates += leash__list_empty(&cell->fut.callbacks);
    }
    look->request = (struct leash__scan_request){.handles = look->handles,
                                                 .count = i,
                                                 .found = look->found,
                                                 .loop = loop,
                                                 .tasks = look->tasks,
                                                 .keepers = look->keepers,
                                                 .stop_signal = loop->options.stop_signal};
}

/* NULL: it has gone since. */
static struct leash__cell *asked_for(const struct leash__lost_look *look, size_t number)
{
    struct leash__cell *cell = NULL;
    enum leash__handle_kind kind;
    const void *handle = (const void *)(uintptr_t)look->handles[number]; // NOLINT: an opaque value
    return leash__lookup(handle, &cell, &kind) == LEASH__FOUND ? cell : NULL;
}

/* Whoever holds something is asked for too, and it goes no sooner. */
static void take_keeper(const struct leash__lost_look *look, struct leash__loop *loop, size_t number)
{
    struct leash__task *task = look->tasks[number];
    const struct leash__cell *keeper = look->keepers[number] ? asked_for(look, look->keepers[number] - 1) : NULL;
    task->keeper = keeper ? keeper->id : 0;
    if (keeper)
        leash__event(loop->events, LEASH_EV_KEPT, NULL, task->cell.id, keeper->id, 0);
}

static unsigned take_answers(const struct leash__lost_look *look, struct leash__loop *loop)
{
    unsigned lost = 0;
    for (size_t i = 0; i < look->request.count; i++) {
        struct leash__cell *cell = asked_for(look, i);
        if (!cell || leash__fut_done(&cell->fut) || !leash__may_be_lost(loop, cell))
            continue;
        if (cell->lost == look->found[i]) /* a page that is not written to is not copied for it */
            cell->lost = !look->found[i];
        lost += cell->lost;
        LEASH__EVENT_NOW(loop, cell->lost ? LEASH_EV_LOST : LEASH_EV_HELD, NULL, cell->id, look->id);
        if (cell->lost)
            take_keeper(look, loop, i);
    }
    return lost;
}

static enum leash_scan_end end_of(const struct leash_scan_result *result)
{
    if (result->complete)
        return LEASH_SCAN_COMPLETE;
    if (strstr(result->reason, "anitizer") || strstr(result->reason, "algrind"))
        return LEASH_SCAN_SANITIZER;
    return strstr(result->reason, "thread") ? LEASH_SCAN_THREADS : LEASH_SCAN_UNREADABLE;
}

static void tell_end(const struct leash__lost_look *look, struct leash__loop *loop, enum leash_scan_end end,
                     uint64_t bytes, uint64_t pause_ns)
{
    uint64_t numbers[2] = {bytes, pause_ns};
    if (loop->events->at)
        leash__events_text(loop->events, LEASH_EV_SCAN_END, NULL, look->id, end, numbers, sizeof numbers);
}

static void look_end(struct leash__lost_look *look, struct leash__loop *loop, struct leash_scan_result *result)
{
    result->candidates = look->candidates;
    result->lost = result->complete ? take_answers(look, loop) : 0;
    tell_end(look, loop, end_of(result), result->bytes, result->pause_ns);
    look_free(look);
}

/* If the answer may come later, and does, loop->look is set and nothing is told. */
static int scan(struct leash__loop *loop, bool later, struct leash_scan_result *result)
{
    static uint64_t scans; /* atomic */
    *result = (struct leash_scan_result){.complete = 1, .reason = ""};
    leash__patrol_end(loop);
    struct survey found = survey(loop);
    if (!found.lost)
        return 0; /* gate: no memory is searched */
    struct leash__lost_look *look = look_new(found.held);
    if (!look)
        return leash__refused(-ENOMEM, "leash_scan: no memory for %zu handles", found.held);
    fill(look, loop);
    look->id = __atomic_add_fetch(&scans, 1, __ATOMIC_RELAXED);
    look->request.later = later ? &look->later : NULL;
    LEASH__EVENT_NOW(loop, LEASH_EV_SCAN, NULL, look->id, look->candidates);
    int rc = leash__scan_memory(&look->request, result);
    if (look->later) {
        look->pause_ns = result->pause_ns;
        loop->look = look;
        return 0;
    }
    if (rc < 0)
        result->complete = 0;
    look_end(look, loop, result);
    return rc < 0 ? rc : (int)result->lost;
}

enum leash_scan_end leash__lost_look(struct leash__loop *loop)
{
    struct leash_scan_result result;
    scan(loop, true, &result);
    return end_of(&result);
}

bool leash__lost_answer(struct leash__loop *loop, enum leash_scan_end *end, uint64_t *ended_ns)
{
    struct leash__lost_look *look = loop->look;
    struct leash_scan_result result = {.pause_ns = look->pause_ns};
    if (!leash__scan_answer(&look->request, &result, ended_ns))
        return false;
    loop->look = NULL;
    *end = end_of(&result);
    look_end(look, loop, &result);
    return true;
}

void leash__lost_drop(struct leash__loop *loop)
{
    struct leash__lost_look *look = loop->look;
    if (!look)
        return;
    loop->look = NULL;
    leash__scan_drop(&look->request);
    tell_end(look, loop, LEASH_SCAN_OFF, 0, look->pause_ns);
    look_free(look);
}

/* Once a process: what could be lost is told as merely pending then, and something can be done about it. */
static void say_incomplete(const struct leash__loop *loop, const struct leash_scan_result *result)
{
    static bool said; /* atomic */
    if (end_of(result) == LEASH_SCAN_THREADS && !loop->thread->quiet &&
        !__atomic_exchange_n(&said, true, __ATOMIC_RELAXED))
        fprintf(stderr, "leash: the scan for lost tasks is incomplete: %s\n", result->reason);
}

void leash__lost_mark(struct leash__loop *loop)
{
    struct leash_scan_result result;
    if (!loop->options.scan)
        return;
    scan(loop, false, &result);
    say_incomplete(loop, &result);
}

int leash_scan(struct leash_scan_result *out)
{
    struct leash_scan_result result;
    struct leash__loop *loop = leash__running();
    if (!loop)
        return leash__no_loop("leash_scan", NULL);
    int rc = scan(loop, false, &result);
    if (out)
        *out = result;
    return rc;
}

void leash__forget(void *slot, size_t size)
{
    memset(slot, 0, size);
    __asm__ volatile("" ::"r"(slot) : "memory");
}
