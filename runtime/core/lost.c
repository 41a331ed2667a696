#include "lost.h"

#include <arena.h>
#include <errno.h>
#include <leash/scan.h>
#include <string.h>

#include "cell.h"
#include "loop.h"
#include "misuse.h"
#include "ports.h"
#include "task.h"

/* A daemon, one that somebody waits for, and one whose claim is settled need nobody to hold them. Gate: if there is
 * none left, no memory is searched. */
static bool is_candidate(const struct leash__loop *loop, const struct leash__cell *cell)
{
    const struct leash__task *task = leash__task_of((struct leash__cell *)(uintptr_t)cell); // NOLINT: only compared
    return task != loop->main && !leash__task_runs(loop, task) && !cell->settled && !cell->daemon &&
           leash__list_empty(&cell->fut.callbacks);
}

static size_t count_candidates(const struct leash__loop *loop)
{
    size_t count = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next)
        count += is_candidate(loop, LEASH__CONTAINER(node, struct leash__cell, node));
    return count;
}

/* In pages of the arena, which the scan leaves out; encoded there and nowhere else. */
struct list {
    size_t size, count;
    uint64_t *handles;
    unsigned char *found;
};

static bool list_new(struct list *list, size_t count)
{
    list->count = count;
    list->size = count * (sizeof *list->handles + sizeof *list->found);
    list->handles = leash__arena_map(list->size);
    list->found = (unsigned char *)(list->handles + count);
    return list->handles != NULL;
}

__attribute__((noinline)) static void fill(const struct list *list, struct leash__loop *loop)
{
    size_t i = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (is_candidate(loop, cell))
            list->handles[i++] = leash__handle_encode(LEASH__HANDLE_TASK, cell->slot, cell->generation);
    }
}

/* Nobody needs to hold it now: it was detached, or got a waiter from leash_all_tasks. */
static void take_back(struct leash__loop *loop, struct leash__cell *cell)
{
    if (!cell->lost)
        return;
    cell->lost = false;
    LEASH__EVENT_NOW(loop, LEASH_EV_HELD, NULL, cell->id, 0);
}

static unsigned take_answers(const struct list *list, struct leash__loop *loop, uint64_t scan)
{
    unsigned lost = 0;
    size_t i = 0;
    for (struct leash__node *node = loop->tasks.next; node != &loop->tasks; node = node->next) {
        struct leash__cell *cell = LEASH__CONTAINER(node, struct leash__cell, node);
        if (!is_candidate(loop, cell)) {
            take_back(loop, cell);
            continue;
        }
        cell->lost = !list->found[i++];
        lost += cell->lost;
        LEASH__EVENT_NOW(loop, cell->lost ? LEASH_EV_LOST : LEASH_EV_HELD, NULL, cell->id, scan);
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

static int scan(struct leash__loop *loop, struct leash_scan_result *result)
{
    static uint64_t scans; /* atomic */
    struct list list;
    *result = (struct leash_scan_result){.complete = 1, .reason = ""};
    size_t count = count_candidates(loop);
    if (count == 0) {
        take_answers(NULL, loop, 0);
        return 0;
    }
    if (!list_new(&list, count))
        return leash__refused(-ENOMEM, "leash_scan: no memory for %zu handles", count);
    fill(&list, loop);
    uint64_t id = __atomic_add_fetch(&scans, 1, __ATOMIC_RELAXED);
    LEASH__EVENT_NOW(loop, LEASH_EV_SCAN, NULL, id, count);
    struct leash__scan_request request = {list.handles, count, list.found, loop};
    int rc = leash__scan_memory(&request, result);
    result->candidates = (unsigned)count;
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

void leash__lost_mark(struct leash__loop *loop)
{
    struct leash_scan_result result;
    if (loop->options.scan)
        scan(loop, &result);
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
