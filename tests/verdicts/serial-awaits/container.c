/* A loop over an array awaits one after the other: one sequence of five, one finding. */
#include "verdict.h"

enum { COUNT = 5 };
static double seconds[COUNT] = {1, 2, 3, 4, 5};

static int take(void *argument)
{
    return leash_sleep(*(double *)argument);
}

static int loop_over_calls(void *unused)
{
    int rc = 0;
    (void)unused;
    for (int i = 0; i < COUNT && rc == 0; i++)
        rc = leash_await(leash_coro(take, &seconds[i]), NULL); /* LEAK serial-awaits 1 in loop_over_calls */
    return rc;
}

static int loop_over_tasks(void *unused)
{
    leash_task_t tasks[COUNT];
    int rc = 0;
    (void)unused;
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(take, &seconds[i]));
    for (int i = 0; i < COUNT && rc == 0; i++)
        rc = leash_await(tasks[i], NULL);
    return rc;
}

CASES(CASE(loop_over_calls), CASE(loop_over_tasks))
