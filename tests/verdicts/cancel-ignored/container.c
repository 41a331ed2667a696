/* Of an array of workers two do not listen. What they do in leash_defer after a cancellation may take its time. */
#include "verdict.h"

enum { COUNT = 4 };

static int say_goodbye(void *unused)
{
    (void)unused;
    return leash_sleep(5);
}

static int worker(void *listens)
{
    int rc = leash_defer(say_goodbye, NULL);
    if (rc == 0)
        rc = leash_sleep(3600);
    return listens ? rc : leash_sleep(1);
}

static int cancel_all(int deaf)
{
    leash_awaitable_t tasks[COUNT];
    for (int i = 0; i < COUNT; i++)
        tasks[i] =
            leash_create_task(leash_coro(worker, i < deaf ? NULL : &tasks[i])); /* LEAK cancel-ignored 2 in two_deaf */
    leash_sleep(1);
    for (int i = 0; i < COUNT; i++)
        leash_cancel(tasks[i], NULL);
    return leash_gather_wait_array(tasks, COUNT, LEASH_RETURN_FAILURES, NULL);
}

static int two_deaf(void *unused)
{
    (void)unused;
    return cancel_all(2);
}

static int all_listen(void *unused)
{
    (void)unused;
    return cancel_all(0);
}

CASES(CASE(two_deaf), CASE(all_listen))
