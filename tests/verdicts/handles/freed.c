/* Dropped handles whose bytes lie in memory that nobody can reach: freed, or leaked. The first tier, which
 * reads all of memory, takes them for held. */
#include "verdict.h"

struct job {
    struct job *next;
    char name[40];
    leash_task_t task;
};

static struct job *jobs;
static leash_task_t *table;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* TIER2 unreferenced or pending-at-exit 1 in freed_struct,
        freed_array, shrunk_array, moved_array, leaked_struct - its bytes are still there; TIER2 unreferenced or
        pending-at-exit 3 in freed_list, leaked_list, leaked_circle - their bytes are still there;
        LEAK unreferenced 1 in wiped_struct; LEAK pending-at-exit 1 in kept_struct */
}

static __attribute__((noinline)) struct job *new_job(void)
{
    struct job *job = calloc(1, sizeof(*job));
    if (!job)
        abort();
    job->task = start();
    return job;
}

static __attribute__((noinline)) void push_three(void)
{
    for (int i = 0; i < 3; i++) {
        struct job *job = new_job();
        job->next = jobs;
        jobs = job;
    }
}

static int freed_struct(void *unused)
{
    (void)unused;
    jobs = new_job();
    free(jobs);
    jobs = NULL;
    return leash_sleep(1);
}

static int freed_array(void *unused)
{
    (void)unused;
    table = calloc(50, sizeof(*table));
    if (!table)
        return -ENOMEM;
    table[40] = start();
    free(table);
    table = NULL;
    return leash_sleep(1);
}

static int shrunk_array(void *unused)
{
    (void)unused;
    table = calloc(50, sizeof(*table));
    if (!table)
        return -ENOMEM;
    table[40] = start();
    table = realloc(table, 10 * sizeof(*table));
    return leash_sleep(1);
}

static int moved_array(void *unused)
{
    (void)unused;
    table = calloc(50, sizeof(*table));
    void *in_its_way = malloc(10);
    if (!table || !in_its_way)
        return -ENOMEM;
    table[40] = start();
    table = realloc(table, 5000 * sizeof(*table));
    if (!table)
        return -ENOMEM;
    table[40] = NULL;
    keep(table);
    free(in_its_way);
    return leash_sleep(1);
}

static int freed_list(void *unused)
{
    (void)unused;
    push_three();
    while (jobs) {
        struct job *next = jobs->next;
        free(jobs);
        jobs = next;
    }
    return leash_sleep(1);
}

static int leaked_struct(void *unused)
{
    (void)unused;
    jobs = new_job();
    keep(jobs);
    jobs = NULL;
    return leash_sleep(1);
}

static int leaked_list(void *unused)
{
    (void)unused;
    push_three();
    keep(jobs);
    jobs = NULL;
    return leash_sleep(1);
}

static int leaked_circle(void *unused)
{
    (void)unused;
    push_three();
    jobs->next->next->next = jobs;
    keep(jobs);
    jobs = NULL;
    return leash_sleep(1);
}

static int wiped_struct(void *unused)
{
    (void)unused;
    jobs = new_job();
    explicit_bzero(jobs, sizeof(*jobs));
    free(jobs);
    jobs = NULL;
    return leash_sleep(1);
}

static int kept_struct(void *unused)
{
    (void)unused;
    jobs = new_job();
    keep(&jobs);
    return leash_sleep(1);
}

CASES(CASE(freed_struct), CASE(freed_array), CASE(shrunk_array), CASE(moved_array), CASE(freed_list),
      CASE(leaked_struct), CASE(leaked_list), CASE(leaked_circle), CASE(wiped_struct), CASE(kept_struct))
