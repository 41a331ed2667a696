#include "verdict.h"
#include "memory.h"
#include <errno.h>
#include <judge.h>
#include <string.h>
#include <trace_format.h>

/* One thing that was judged; its bits are gathered over all that is said of it. */
struct judged {
    enum leash_subject kind;
    uint64_t handle;
    unsigned facts;
};

struct verdict {
    struct judged *all; /* in the order in which they were first judged */
    size_t count, room;
};

static struct judged *find(const struct verdict *verdict, const void *handle)
{
    for (size_t i = 0; handle && i < verdict->count; i++)
        if (verdict->all[i].handle == (uint64_t)(uintptr_t)handle)
            return &verdict->all[i];
    return NULL;
}

static void judge(enum leash_subject kind, uint64_t handle, unsigned facts, void *arg)
{
    struct verdict *verdict = arg;
    struct judged *known = find(verdict, (const void *)(uintptr_t)handle);
    facts &= LEASH_FACT_PENDING | LEASH_FACT_UNRETRIEVED | LEASH_FACT_NEVER_AWAITED;
    if (known) {
        known->facts |= facts;
        return;
    }
    if (!facts)
        return;
    if (verdict->count == verdict->room) {
        verdict->room = verdict->room ? 2 * verdict->room : 16;
        verdict->all = must_grow(verdict->all, verdict->room * sizeof(*verdict->all));
    }
    verdict->all[verdict->count++] = (struct judged){kind, handle, facts};
}

void verdict_begin(struct run *run)
{
    run->verdict = arena_alloc(&run->arena, sizeof(*run->verdict));
    leash__judge_hook(judge, run->verdict);
}

static bool has(const struct run *run, const void *handle, unsigned fact)
{
    const struct judged *known = find(run->verdict, handle);
    return known && known->facts & fact;
}

/* ---- tasks ---- */

/* The script's tasks by number. */
static struct coro **tasks_by_number(struct run *run)
{
    struct coro **tasks = arena_alloc(&run->arena, (size_t)run->tasks * sizeof(*tasks));
    for (struct coro *coro = run->coros; coro; coro = coro->next)
        if (coro->own)
            tasks[coro->task] = coro;
    return tasks;
}

static bool is_known(struct coro *const *tasks, long count, uint64_t handle)
{
    for (long i = 0; i < count; i++)
        if ((uint64_t)(uintptr_t)tasks[i]->handle == handle)
            return true;
    return false;
}

/* A task that an op made itself and that never took a step has shown nobody its handle. They are judged in order of
 * creation, which is that of the numbers. */
static void meet_the_rest(struct run *run, struct coro **tasks)
{
    long next = 0;
    for (size_t i = 0; i < run->verdict->count; i++) {
        struct judged *judged = &run->verdict->all[i];
        if (judged->kind != LEASH_SUBJECT_TASK || is_known(tasks, run->tasks, judged->handle))
            continue;
        while (next < run->tasks && (tasks[next]->handle || tasks[next]->dropped))
            next++;
        if (next == run->tasks)
            run_broken("a task was judged that no op made: %#llx", (unsigned long long)judged->handle);
        tasks[next]->handle = (leash_task_t)(uintptr_t)judged->handle;
    }
}

static void print_tasks(const struct run *run, struct coro *const *tasks, unsigned fact, long from)
{
    for (long i = from; i < run->tasks; i++)
        if (has(run, tasks[i]->handle, fact))
            printf(" #%ld", i);
}

/* ---- coroutines ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void print_never_awaited(struct run *run)
{
    size_t count = 0, i = 0;
    for (struct coro *coro = run->coros; coro; coro = coro->next)
        count += has(run, coro->object, LEASH_FACT_NEVER_AWAITED);
    const char **names = arena_alloc(&run->arena, count * sizeof(*names));
    for (struct coro *coro = run->coros; coro; coro = coro->next)
        if (has(run, coro->object, LEASH_FACT_NEVER_AWAITED))
            names[i++] = coro->body->name;
    qsort(names, count, sizeof(*names), by_name);
    for (i = 0; i < count; i++)
        printf(" %s", names[i]);
}

/* ---- the four lines ---- */

static void print_main(const struct run *run, int rc, const char *result)
{
    const char *name = rc < 0 ? run_failure_name(rc) : NULL;
    if (rc < 0)
        printf("main !%s\n", name ? name : codes_text(&run->codes, rc));
    else
        printf("main =%s\n", result ? result : "-");
}

static void print_ended(struct run *run, struct coro *const *tasks, int rc, const char *result)
{
    print_main(run, rc, result);
    printf("pending-at-exit");
    print_tasks(run, tasks, LEASH_FACT_PENDING, 0);
    printf("\nnever-awaited");
    print_never_awaited(run);
    printf("\nfailure-never-retrieved");
    print_tasks(run, tasks, LEASH_FACT_UNRETRIEVED, 0);
    for (struct bare_future *future = run->futures; future; future = future->next)
        if (has(run, future->handle, LEASH_FACT_UNRETRIEVED))
            printf(" future");
    putchar('\n');
}

void verdict_print(struct run *run, int rc, const char *result)
{
    struct coro **tasks = tasks_by_number(run);
    meet_the_rest(run, tasks);
    if (rc == -EDEADLK) {
        printf("main !deadlock\npending-at-exit");
        print_tasks(run, tasks, LEASH_FACT_PENDING, 1);
        putchar('\n');
    } else {
        print_ended(run, tasks, rc, result);
    }
    leash__judge_hook(NULL, NULL);
    free(run->verdict->all);
}
