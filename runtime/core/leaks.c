#include "leaks.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "failure.h"
#include "leak_scope.h"
#include "ports.h"
#include "suspect.h"
#include "task.h"
#include "waitable.h"
#include "waits.h"

struct class
{
    const char *name;
    char severity;
};

/* In the order in which the first one names the object. */
enum {
    DEADLOCK,
    STANDS_OUTSIDE,
    UNREFERENCED,
    NEVER_RETRIEVED,
    PENDING_AT_EXIT,
    LOCK_HELD,
    NEVER_JOINED,
    NEVER_AWAITED,
    SEMAPHORE_SHORT,
    CLASSES
};
static const struct class classes[CLASSES] = {{"deadlock", 'E'},        {"deadlock", 'W'},        {"unreferenced", 'E'},
                                              {"never-retrieved", 'E'}, {"pending-at-exit", 'E'}, {"lock-held", 'E'},
                                              {"never-joined", 'W'},    {"never-awaited", 'E'},   {"lock-held", 'W'}};

/* A trace is on: its rules judge what no scope of leaks does. */
static bool traced(void)
{
    return leash__self_pointer && leash__self_pointer->events.at;
}

static bool is_left_to_rules(const struct leash__cell *cell)
{
    return traced() && !cell->leak_scope;
}

static unsigned classes_of_task(const struct leash__cell *cell, unsigned facts)
{
    const unsigned held = LEASH_FACT_DAEMON | LEASH_FACT_WAITED | LEASH_FACT_CALLBACK;
    const unsigned lost = LEASH_FACT_PENDING | LEASH_FACT_LOST | LEASH_FACT_UNSETTLED;
    unsigned found = cell->deadlocked ? 1u << DEADLOCK : cell->outside ? 1u << STANDS_OUTSIDE : 0;
    if ((facts & lost) == lost && !(facts & held))
        found |= 1u << UNREFERENCED;
    if (facts & LEASH_FACT_UNRETRIEVED)
        found |= 1u << NEVER_RETRIEVED;
    if ((facts & LEASH_FACT_PENDING) && !(facts & (LEASH_FACT_CANCELLED | LEASH_FACT_DAEMON)))
        found |= 1u << PENDING_AT_EXIT;
    if (facts & LEASH_FACT_HOLDS)
        found |= 1u << LOCK_HELD;
    if (cell->fut.state == LEASH__FINISHED && cell->fut.code >= 0 && (facts & LEASH_FACT_UNSETTLED) &&
        !(facts & LEASH_FACT_DETACHED))
        found |= 1u << NEVER_JOINED;
    return found;
}

static unsigned classes_of(const struct leash__cell *cell, unsigned facts)
{
    unsigned found;
    switch (cell->kind) {
    case LEASH__CELL_TASK:
        found = classes_of_task(cell, facts);
        if (!cell->victim || found & 1u << UNREFERENCED)
            return found;
        return found & 1u << NEVER_RETRIEVED; /* what the clean-up tells of a victim is its own */
    case LEASH__CELL_CORO:
        return facts & LEASH_FACT_NEVER_AWAITED ? 1u << NEVER_AWAITED : 0;
    case LEASH__CELL_OBJECT:
        return facts & LEASH_FACT_SHORT ? 1u << SEMAPHORE_SHORT : 0;
    default:
        return facts & LEASH_FACT_UNRETRIEVED ? 1u << NEVER_RETRIEVED : 0;
    }
}

static void append(char *text, size_t size, const char *more)
{
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s", length ? "," : "", more);
}

static void failure_text(const struct leash__cell *cell, char *text, size_t size)
{
    text[0] = '\0';
    if (cell->fut.state != LEASH__FINISHED || cell->fut.code >= 0)
        return;
    const struct leash__failure *failure = cell->fut.failure;
    const char *name = strerrorname_np(-cell->fut.code);
    snprintf(text, size, "%s%s%s", name ? name : "error", failure && *failure->message ? ": " : "",
             failure ? failure->message : "");
}

static void keeper_text(const struct leash__cell *cell, char *text, size_t size)
{
    text[0] = '\0';
    if (cell->kind != LEASH__CELL_TASK || !cell->lost)
        return;
    uint64_t keeper = LEASH__CONTAINER(cell, const struct leash__task, cell)->keeper;
    if (keeper == cell->id)
        snprintf(text, size, "itself");
    else if (keeper)
        snprintf(text, size, "unreferenced task #%llu", (unsigned long long)keeper);
}

static const char *name_of(const struct leash__cell *cell)
{
    if (cell->kind == LEASH__CELL_TASK)
        return leash__task_name(leash__task_of((struct leash__cell *)(uintptr_t)cell)); // NOLINT: fills its name space
    if (cell->kind == LEASH__CELL_FUTURE)
        return "future";
    if (cell->kind == LEASH__CELL_OBJECT)
        return cell->name ? cell->name : ((const struct leash__waitable *)cell->arg)->type->name;
    return cell->coro_site && cell->coro_site->expr ? cell->coro_site->expr : "?";
}

struct words {
    char also[128], failure[256], keeper[64];
};

/* Of the classes `found`: the first by name, the rest under "also". */
static struct leash__leak describe(const struct leash__cell *cell, unsigned found, struct words *words)
{
    const struct class *first = NULL;
    words->also[0] = '\0';
    for (unsigned i = 0; i < CLASSES; i++) {
        if (!(found & 1u << i))
            continue;
        if (first)
            append(words->also, sizeof words->also, classes[i].name);
        else
            first = &classes[i];
    }
    failure_text(cell, words->failure, sizeof words->failure);
    keeper_text(cell, words->keeper, sizeof words->keeper);
    const struct leash_site *site = cell->site;
    return (struct leash__leak){.class = first->name,
                                .severity = first->severity,
                                .also = words->also,
                                .name = name_of(cell),
                                .file = site ? site->file : "?",
                                .func = site ? site->func : "?",
                                .line = site ? site->line : 0,
                                .waits_for = "",
                                .failure = words->failure,
                                .given = cell->name,
                                .coro = cell->coro_site ? cell->coro_site->expr : NULL,
                                .kept_by = words->keeper};
}

static void tell(const struct leash__cell *cell, unsigned found, const char *waits_for, bool in_loop)
{
    struct words words;
    struct leash__leak leak = describe(cell, found, &words);
    leak.waits_for = waits_for;
    leak.in_loop = in_loop;
    if (!leash__leak_scope_take(cell->leak_scope, &leak) && !traced())
        leash__leak_found(&leak);
}

void leash__leak_judged(const struct leash__cell *cell)
{
    unsigned found = cell->told || is_left_to_rules(cell) ? 0 : classes_of(cell, cell->facts);
    if (found)
        tell(cell, found, cell->kind == LEASH__CELL_TASK && cell->waited_for ? cell->waited_for : "", false);
}

void leash__leak_judged_early(struct leash__cell *cell, unsigned facts, const char *waits_for)
{
    unsigned found = cell->told ? 0 : classes_of(cell, facts | cell->facts);
    if (!found)
        return;
    cell->told = true;
    tell(cell, found, waits_for, true);
}

struct leash__suspect *leash__leak_suspect(struct leash__task *task)
{
    struct words words;
    char waits_for[256];
    if (is_left_to_rules(&task->cell))
        return NULL;
    struct leash__leak leak = describe(&task->cell, 1u << STANDS_OUTSIDE, &words);
    leash__waits_text(task, waits_for, sizeof waits_for);
    leak.waits_for = waits_for;
    return leash__suspect_new(&leak, task->cell.leak_scope);
}

void leash__leak_waits(struct leash__task *task)
{
    if (is_left_to_rules(&task->cell))
        return;
    char text[256];
    leash__waits_text(task, text, sizeof text);
    free(task->cell.waited_for);
    task->cell.waited_for = *text ? strdup(text) : NULL; /* without memory the report says less */
}
