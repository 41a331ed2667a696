/* A helper gives a coroutine back, as functions of asyncio do, and the caller takes it for a plain call. */
#include "verdict.h"

static leash_coro_t save(void)
{
    return leash_coro(work, NULL); /* LEAK never-awaited 1 in taken_for_a_call; LEAK never-awaited 3 in in_a_loop */
}

static int taken_for_a_call(void *unused)
{
    (void)unused;
    save();
    return leash_sleep(1);
}

static int in_a_loop(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        save();
    return 0;
}

static int awaited(void *unused)
{
    (void)unused;
    return leash_await(save(), NULL);
}

CASES(CASE(taken_for_a_call), CASE(in_a_loop), CASE(awaited))
