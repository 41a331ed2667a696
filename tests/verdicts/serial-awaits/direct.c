/* Two waits in turn that do not need each other: they could have been one. */
#include "verdict.h"

static double one = 1, half = 0.5, short_time = 0.005;

static int take(void *seconds)
{
    return leash_sleep(*(double *)seconds);
}

static int in_turn(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(take, &one), NULL); /* LEAK serial-awaits 1 in in_turn */
    return rc < 0 ? rc : leash_await(leash_coro(take, &half), NULL);
}

static int gathered(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(take, &one), leash_coro(take, &half));
}

static int waits_in_between(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(take, &one), NULL);
    if (rc < 0 || (rc = leash_sleep(0.1)) < 0)
        return rc;
    return leash_await(leash_coro(take, &half), NULL);
}

static int hardly_wait(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(take, &one), NULL);
    return rc < 0 ? rc : leash_await(leash_coro(take, &short_time), NULL);
}

static int same_argument(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(take, &one), NULL);
    return rc < 0 ? rc : leash_await(leash_coro(take, &one), NULL);
}

CASES(CASE(in_turn), CASE(gathered), CASE(waits_in_between), CASE(hardly_wait), CASE(same_argument))
