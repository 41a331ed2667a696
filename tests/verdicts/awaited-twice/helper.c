/* A helper that tries again with the same coroutine; its clean twin makes a new one each time. */
#include "verdict.h"

static int attempts;

static int flaky(void *unused)
{
    (void)unused;
    return ++attempts < 3 ? -EAGAIN : 0;
}

static int try_three_times(leash_coro_t call)
{
    int rc = -EAGAIN;
    for (int i = 0; i < 3 && rc == -EAGAIN; i++)
        rc = leash_await(call, NULL); /* LEAK awaited-twice 1 in one_coroutine */
    return rc;
}

static int try_anew(leash_fn_t fn)
{
    int rc = -EAGAIN;
    for (int i = 0; i < 3 && rc == -EAGAIN; i++)
        rc = leash_await(leash_coro(fn, NULL), NULL);
    return rc;
}

static int one_coroutine(void *unused)
{
    (void)unused;
    return try_three_times(leash_coro(flaky, NULL)) == -EINVAL ? 0 : -EPROTO;
}

static int one_a_try(void *unused)
{
    (void)unused;
    return try_anew(flaky);
}

CASES(CASE(one_coroutine), CASE(one_a_try))
