/* 4.2 A coroutine does nothing by itself. Three ways to have it run: await it, give it to leash_run, make it a task. */
#include <leash.h>
#include <stdio.h>

static int twice(void *arg)
{
    int x = *(const int *)arg;
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    return x * 2; /* 0 or more is success: the code can be the answer */
}

/* Inside of a coroutine: it runs as a part of the task that awaits it. */
static int await_it(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(twice, &(int){5}), NULL);
    if (rc < 0)
        return rc;
    printf("Way 1, leash_await: %d\n", rc);
    return 0;
}

/* Inside of a coroutine too: it runs beside the task that made it, which may do something else meanwhile. */
static int make_it_a_task(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(twice, &(int){15}));
    int rc = leash_await(task, NULL);
    if (rc < 0)
        return rc;
    printf("Way 3, leash_create_task: %d\n", rc);
    return 0;
}

int main(void)
{
    if (leash_run(leash_coro(await_it, NULL)) < 0)
        return 1;
    int rc = leash_run(leash_coro(twice, &(int){10})); /* where no loop runs: it makes one */
    if (rc < 0)
        return 1;
    printf("Way 2, leash_run: %d\n", rc);
    return leash_run(leash_coro(make_it_a_task, NULL)) < 0;
}
