/* 4.19 What becomes of a failure under gather: by default the first one ends it; or all stand among the outcomes. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int risky_operation(void *arg)
{
    int n = *(const int *)arg;
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    return n == 2 ? leash_fail(-EIO, "task %d failed", n) : n;
}

enum { COUNT = 4 };
static int numbers[COUNT] = {0, 1, 2, 3};

static void make_tasks(leash_awaitable_t *tasks)
{
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(risky_operation, &numbers[i]));
}

static int stop_at_first(void)
{
    leash_awaitable_t tasks[COUNT];
    struct leash_failure failure;
    make_tasks(tasks);
    leash_future_t all = leash_gather_array(tasks, COUNT, 0);
    int rc = leash_await(all, NULL);
    if (rc >= 0 || leash_failure(all, &failure) < 0)
        return rc;
    printf("Caught: %s\n\n", failure.message);
    return 0;
}

static int return_failures(void)
{
    leash_awaitable_t tasks[COUNT];
    struct leash_outcome outcomes[COUNT];
    make_tasks(tasks);
    int rc = leash_gather_wait_array(tasks, COUNT, LEASH_RETURN_FAILURES, outcomes);
    if (rc < 0)
        return rc;
    for (int i = 0; i < COUNT; i++) {
        struct leash_failure failure;
        if (outcomes[i].rc >= 0)
            printf("Task %d: task %d went well\n", i, outcomes[i].rc);
        else if (leash_failure(tasks[i], &failure) == 0)
            printf("Task %d failed: %s\n", i, failure.message);
    }
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    puts("=== By default ===");
    int rc = stop_at_first();
    if (rc < 0)
        return rc;
    puts("=== With failures returned ===");
    return return_failures();
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
