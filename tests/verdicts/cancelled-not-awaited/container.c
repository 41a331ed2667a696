/* All tasks of a table are cancelled when main ends; its clean twin gathers them, failures returned. */
#include "slow_to_end.h"

enum { COUNT = 3 };
static leash_awaitable_t workers[COUNT];

static void start_and_cancel(void)
{
    for (int i = 0; i < COUNT; i++)
        workers[i] = leash_create_task(leash_coro(slow_to_end, NULL)); /* LEAK cancelled-not-awaited 3 in cancelled */
    leash_sleep(1);
    for (int i = 0; i < COUNT; i++)
        leash_cancel(workers[i], NULL);
}

static int cancelled(void *unused)
{
    (void)unused;
    start_and_cancel();
    return 0;
}

static int gathered(void *unused)
{
    (void)unused;
    start_and_cancel();
    return leash_gather_wait_array(workers, COUNT, LEASH_RETURN_FAILURES, NULL);
}

CASES(CASE(cancelled), CASE(gathered))
