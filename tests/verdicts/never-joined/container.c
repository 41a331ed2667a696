/* Tasks of an array: a loop that looks at all but the last, and one that a wait for the first left behind. */
#include "verdict.h"

enum { COUNT = 4 };
static leash_awaitable_t tasks[COUNT];

static void start_all(void)
{
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in one_short; LEAK never-joined 4
            in only_counted */
}

static int one_short(void *unused)
{
    int rc = 0;
    (void)unused;
    start_all();
    for (int i = 0; i < COUNT - 1 && rc == 0; i++)
        rc = leash_await(tasks[i], NULL);
    return rc;
}

static int only_counted(void *unused)
{
    (void)unused;
    start_all();
    return leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, -1, NULL) == COUNT ? 0 : -EPROTO;
}

static int all_awaited(void *unused)
{
    int rc = 0;
    (void)unused;
    start_all();
    for (int i = 0; i < COUNT && rc == 0; i++)
        rc = leash_await(tasks[i], NULL);
    return rc;
}

CASES(CASE(one_short), CASE(only_counted), CASE(all_awaited))
