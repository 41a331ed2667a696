#include "lost.h"

#include <arena.h>
#include <errno.h>
#include <leash/scan.h>
#include <stdio.h>
#include <string.h>

#include "cell.h"
#include "held.h"
#include "loop.h"
#include "misuse.h"
#include "ports.h"
#include "task.h"

/* Gate: if nobody may be lost, no memory is searched. */
static bool any_may_be_lost(const struct leash__loop *loop)
{
    const struct leash__node *node = loop->tasks.next;
    while (node != &loop->tasks && !leash__may_be_lost(loop, LEASH__CONTAINER(node, const struct leash__cell, node)))
        node = node->next;
    return node != &loop->tasks;
}

static size_t count_held(const struct leash__loop *loop)
{
    size_t count = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        count += leash__needs_holder(loop, LEASH__CONTAINER(node, struct leash__cell, node));
    return count;
}

/* In pages of the arena, which the scan leaves out; encoded there and nowhere else. */
struct list {
    size_t size, count;
    uint64_t *handles;
    void **tasks;
    uint32_t *keepers;
    unsigned char *found;
};

static bool list_new(struct list *list, size_t count)
{
    list->count = count;
    list->size = count * (sizeof *list->handles + sizeof *list->tasks + sizeof *list->keepers + sizeof *list->found);
    list->handles = leash__arena_map(list->size);
    list->tasks = (void **)(list->handles + count);
    list->keepers = (uint32_t *)(list->tasks + count);
    list->found = (unsigned char *)(list->keepers + count);
    return list->handles != NULL;
}

__attribute__((noinline)) static void fill(const struct list *list, struct leash__loop *loop)
{
    size_t i = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (!leash__needs_holder(loop, cell))
            continue;
        list->tasks[i] = leash__task_of(cell);
        list->handles[i++] = leash__handle_encode(LEASH__HANDLE_TASK, cell->slot, cell->generation);
    }
}

/* Nobody needs to hold those now that were detached, or got a waiter from leash_all_tasks. */
static void take_back(struct leash__loop *loop)
{
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (!cell->lost || leash__may_be_lost(loop, cell))
            continue;
        cell->lost = false;
        LEASH__EVENT_NOW(loop, LEASH_EV_HELD, NULL, cell->id, 0);
    }
}

static void take_keeper(const struct list *list, struct leash__loop *loop, size_t number)
{
    struct leash__task *task = list->tasks[number];
    const struct leash__task *keeper = list->keepers[number] ? list->tasks[list->keepers[number] - 1] : NULL;
    task->keeper = keeper ? keeper->cell.id : 0;
    if (keeper)
        leash__event(loop->events, LEASH_EV_KEPT, NULL, task->cell.id, keeper->cell.id, 0);
}

static unsigned take_answers(const struct list *list, struct leash__loop *loop, uint64_t scan)
{
    unsigned lost = 0;
    for (size_t i = 0; i < list->count; i++) {
        struct leash__task *task = list->tasks[i];
        struct leash__cell *cell = &task->cell;
        if (!leash__may_be_lost(loop, cell))
            continue;
        cell->lost = !list->found[i];
        lost += cell->lost;
        LEASH__EVENT_NOW(loop, cell->lost ? LEASH_EV_LOST : LEASH_EV_HELD, NULL, cell->id, scan);
        if (cell->lost)
            take_keeper(list, loop, i);
    }
    return lost;
}

static unsigned count_may_be_lost(const struct list *list, const struct leash__loop *loop)
{
    unsigned count = 0;
    for (size_t i = 0; i < list->count; i++)
        count += leash__may_be_lost(loop, &((const struct leash__task *)list->tasks[i])->cell);
    return count;
}

static enum leash_scan_end end_of(const struct leash_scan_result *result)
{
    if (result->complete)
        return LEASH_SCAN_COMPLETE;
    if (strstr(result->reason, "anitizer") || strstr(result->reason, "algrind"))
        return LEASH_SCAN_SANITIZER;
    return strstr(result->reason, "thread") ? LEASH_SCAN_THREADS : LEASH_SCAN_UNREADABLE;
}

static int scan(struct leash__loop *loop, struct leash_scan_result *result)
{
    static uint64_t scans; /* atomic */
    struct list list;
    *result = (struct leash_scan_result){.complete = 1, .reason = ""};
    take_back(loop);
    if (!any_may_be_lost(loop))
        return 0;
    size_t count = count_held(loop);
    if (!list_new(&list, count))
        return leash__refused(-ENOMEM, "leash_scan: no memory for %zu handles", count);
    fill(&list, loop);
    unsigned candidates = count_may_be_lost(&list, loop);
    uint64_t id = __atomic_add_fetch(&scans, 1, __ATOMIC_RELAXED);
    LEASH__EVENT_NOW(loop, LEASH_EV_SCAN, NULL, id, candidates);
    struct leash__scan_request request = {
        list.handles, count, list.found, loop, list.tasks, list.keepers, loop->options.stop_signal};
    int rc = leash__scan_memory(&request, result);
    result->candidates = candidates;
    result->lost = 0;
    if (rc == 0 && result->complete)
        result->lost = take_answers(&list, loop, id);
    if (loop->events->at) {
        uint64_t numbers[2] = {result->bytes, result->pause_ns};
        leash__events_text(loop->events, LEASH_EV_SCAN_END, NULL, id, end_of(result), numbers, sizeof numbers);
    }
    leash__arena_unmap(list.handles, list.size);
    return rc < 0 ? rc : (int)result->lost;
}

enum leash_scan_end leash__lost_scan(struct leash__loop *loop)
{
    struct leash_scan_result result;
    scan(loop, &result);
    return end_of(&result);
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
    scan(loop, &result);
    say_incomplete(loop, &result);
}

int leash_scan(struct leash_scan_result *out)
{
    struct leash_scan_result result;
    struct leash__loop *loop = leash__running();
    if (!loop)
        return leash__no_loop("leash_scan", NULL);
    int rc = scan(loop, &result);
    if (out)
        *out = result;
    return rc;
}

void leash__forget(void *slot, size_t size)
{
    memset(slot, 0, size);
    __asm__ volatile("" ::"r"(slot) : "memory");
}
