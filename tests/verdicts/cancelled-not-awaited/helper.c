/* A stop function that cancels and returns at once; its clean twin waits. */
#include "slow_to_end.h"

static leash_task_t ticker;

static void start(void)
{
    ticker = leash_create_task(leash_coro(slow_to_end, NULL)); /* LEAK cancelled-not-awaited 1 in hasty */
}

static int stop(bool wait)
{
    leash_cancel(ticker, "stop");
    if (!wait)
        return 0;
    return leash_await(ticker, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int hasty(void *unused)
{
    (void)unused;
    start();
    leash_sleep(1);
    return stop(false);
}

static int patient(void *unused)
{
    (void)unused;
    start();
    leash_sleep(1);
    return stop(true);
}

CASES(CASE(hasty), CASE(patient))
