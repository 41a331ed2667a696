/* A coroutine is a call that was made but not run: forgotten, its body never runs. */
#include "verdict.h"

static int forgotten(void *unused)
{
    (void)unused;
    leash_coro(work, NULL); /* LEAK never-awaited 1 in forgotten */
    return 0;
}

static int overwritten(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL); /* LEAK never-awaited 1 in overwritten */
    call = leash_coro(work, NULL);
    return leash_await(call, NULL);
}

static int copied(void *unused)
{
    (void)unused;
    leash_coro_copy(work, "argument", 9); /* LEAK never-awaited 1 in copied */
    return 0;
}

static int awaited(void *unused)
{
    (void)unused;
    return leash_await(leash_coro(work, NULL), NULL);
}

static int closed(void *unused)
{
    (void)unused;
    return leash_close(leash_coro(work, NULL));
}

CASES(CASE(forgotten), CASE(overwritten), CASE(copied), CASE(awaited), CASE(closed))
