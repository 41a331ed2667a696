/* Four of five in an array fail, one after the other: gather gives the first, three are lost in it. */
#include "verdict.h"

enum { COUNT = 5 };
static leash_awaitable_t tasks[COUNT];
static double seconds[COUNT] = {1, 2, 3, 4, 5};

static int fail_after(void *argument)
{
    double *after = argument;
    int rc = leash_sleep(*after);
    return rc < 0 || after == &seconds[2] ? rc : leash_fail(-EIO, "lost after %.0f s", *after);
}

static void start_all(void)
{
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(fail_after, &seconds[i])); /* LEAK failure-hidden 3 in first_only */
}

static int first_only(void *unused)
{
    (void)unused;
    start_all();
    int rc = leash_gather_wait_array(tasks, COUNT, 0, NULL);
    return rc == -EIO ? leash_sleep(10) : -EPROTO;
}

static int each_awaited(void *unused)
{
    int failed = 0;
    (void)unused;
    start_all();
    for (int i = 0; i < COUNT; i++)
        failed += leash_await(tasks[i], NULL) == -EIO;
    return failed == 4 ? 0 : -EPROTO;
}

CASES(CASE(first_only), CASE(each_awaited))
