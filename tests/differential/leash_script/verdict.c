#include "verdict.h"
#include "coros.h"
#include <errno.h>
#include <judge.h>
#include <stdlib.h>
#include <string.h>
#include <trace_format.h>

/* A task that an op makes itself and that took no step yet has shown nobody its handle. Pending tasks are told of in
 * the order of their creation, which is that of the numbers. */
static unsigned *meet(struct run *run, const void *handle)
{
    while (run->unknown < run->count && (run->tasks[run->unknown]->handle || run->tasks[run->unknown]->dropped))
        run->unknown++;
    if (run->unknown == run->count)
        run_broken("a task is pending that no op made: %p", handle);
    struct coro *coro = run->tasks[run->unknown];
    coro_met(coro, (leash_task_t)(uintptr_t)handle);
    return &coro->facts;
}

static void judge(enum leash_subject kind, uint64_t value, unsigned facts, void *arg)
{
    struct run *run = arg;
    if (facts & LEASH__JUDGE_CANCEL_CYCLE)
        run_left("a cancellation runs along a cycle of awaits");
    const void *handle = (const void *)(uintptr_t)value; // NOLINT: the value of a handle, never a pointer to anything
    unsigned *known = facts_find(&run->facts, handle);
    if (!known && kind == LEASH_SUBJECT_TASK && facts & LEASH_FACT_PENDING)
        known = meet(run, handle);
    if (known)
        *known |= facts;
}

void verdict_begin(struct run *run)
{
    leash__judge_hook(judge, run);
}

/* ---- the lines ---- */

static void print_tasks(const struct run *run, unsigned fact, long from)
{
    for (long i = from; i < run->count; i++)
        if (run->tasks[i]->facts & fact)
            printf(" #%ld", i);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_never_awaited(struct run *run)
{
    size_t count = 0, i = 0;
    for (struct coro *coro = run->coros; coro; coro = coro->next)
        count += (coro->facts & LEASH_FACT_NEVER_AWAITED) != 0;
    const char **names = arena_alloc(&run->arena, count * sizeof(*names));
    for (struct coro *coro = run->coros; coro; coro = coro->next)
        if (coro->facts & LEASH_FACT_NEVER_AWAITED)
            names[i++] = coro->body->name;
    qsort(names, count, sizeof(*names), by_name);
    for (i = 0; i < count; i++)
        printf(" %s", names[i]);
}

static void print_main(const struct run *run, int rc, const char *result)
{
    const char *name = rc < 0 ? run_failure_name(rc) : NULL;
    if (rc < 0)
        printf("main !%s\n", name ? name : codes_text(&run->codes, rc));
    else
        printf("main =%s\n", result ? result : "-");
}

static void print_ended(struct run *run, int rc, const char *result)
{
    print_main(run, rc, result);
    printf("pending-at-exit");
    print_tasks(run, LEASH_FACT_PENDING, 0);
    printf("\nnever-awaited");
    print_never_awaited(run);
    printf("\nfailure-never-retrieved");
    print_tasks(run, LEASH_FACT_UNRETRIEVED, 0);
    for (struct bare_future *future = run->futures; future; future = future->next)
        if (future->facts & LEASH_FACT_UNRETRIEVED)
            printf(" future");
    putchar('\n');
}

void verdict_print(struct run *run, int rc, const char *result)
{
    leash__judge_hook(NULL, NULL);
    if (rc == -EDEADLK) {
        printf("main !deadlock\npending-at-exit");
        print_tasks(run, LEASH_FACT_PENDING, 1);
        putchar('\n');
    } else {
        print_ended(run, rc, result);
    }
}
