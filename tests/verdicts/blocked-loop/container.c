/* OPTIONS blocked_ms=200 */
/* One of an array of tasks blocks; the others are late. Spread over several iterations the same work is no finding. */
#include "blocked-loop/block.h"

enum { COUNT = 5 };
static int milliseconds[COUNT] = {1, 1, 400, 1, 1};

static int in_one_step(void *argument)
{
    block(*(int *)argument);
    return 0;
}

static int in_many_steps(void *argument)
{
    int rc = 0;
    for (int i = 0; i < *(int *)argument && rc == 0; i += 20) {
        block(20);
        rc = leash_sleep(0);
    }
    return rc;
}

static int run_all(leash_fn_t body)
{
    leash_awaitable_t tasks[COUNT];
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(body, &milliseconds[i])); /* LEAK blocked-loop 1 in one_blocks */
    return leash_gather_wait_array(tasks, COUNT, 0, NULL);
}

static int one_blocks(void *unused)
{
    (void)unused;
    return run_all(in_one_step);
}

static int in_slices(void *unused)
{
    (void)unused;
    return run_all(in_many_steps);
}

CASES(CASE(one_blocks), CASE(in_slices))
