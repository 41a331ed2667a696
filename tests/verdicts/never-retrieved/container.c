/* wait counts what has ended and does not look at it; gather with LEASH_RETURN_FAILURES does. */
#include "verdict.h"

enum { COUNT = 4 };
static leash_awaitable_t tasks[COUNT];

static void start_all(void)
{
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(i % 2 ? broken : work, NULL)); /* LEAK never-retrieved 2 in counted;
            LEAK never-joined 2 in counted */
}

static int counted(void *unused)
{
    (void)unused;
    start_all();
    return leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, -1, NULL) == COUNT ? 0 : -EPROTO;
}

static int gathered(void *unused)
{
    struct leash_outcome outcomes[COUNT];
    (void)unused;
    start_all();
    return leash_gather_wait_array(tasks, COUNT, LEASH_RETURN_FAILURES, outcomes);
}

CASES(CASE(counted), CASE(gathered))
