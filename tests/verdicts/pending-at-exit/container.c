/* Of an array of tasks those are left that a time limit did not wait for. */
#include "verdict.h"

enum { COUNT = 6 };
static leash_awaitable_t tasks[COUNT];
static double seconds[COUNT] = {1, 2, 3, 4, 5, 6};

static int take(void *argument)
{
    return leash_sleep(*(double *)argument);
}

static int wait_some(double limit)
{
    for (int i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(take, &seconds[i])); /* LEAK pending-at-exit 4 in limited */
    keep(tasks);
    return leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, limit, NULL);
}

/* What has ended is looked at, as wait does not do that. */
static int look_at_those_done(void)
{
    int done = 0;
    for (int i = 0; i < COUNT; i++) {
        if (leash_done(tasks[i])) {
            done++;
            leash_result(tasks[i], NULL);
        }
    }
    return done;
}

static int limited(void *unused)
{
    (void)unused;
    wait_some(2.5);
    return look_at_those_done() == 2 ? 0 : -EPROTO;
}

static int unlimited(void *unused)
{
    (void)unused;
    wait_some(-1);
    return look_at_those_done() == COUNT ? 0 : -EPROTO;
}

CASES(CASE(limited), CASE(unlimited))
