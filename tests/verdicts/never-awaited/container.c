/* Of an array of coroutines some are awaited, and an early way out leaves the rest. */
#include "verdict.h"

enum { COUNT = 5 };
static leash_coro_t calls[COUNT];

static void make_all(void)
{
    for (int i = 0; i < COUNT; i++)
        calls[i] = leash_coro(i == 1 ? broken : work, NULL); /* LEAK never-awaited 3 in left_early */
}

static int left_early(void *unused)
{
    int rc = 0;
    (void)unused;
    make_all();
    for (int i = 0; i < COUNT && rc == 0; i++)
        rc = leash_await(calls[i], NULL);
    return rc == -EIO ? 0 : -EPROTO;
}

static int rest_closed(void *unused)
{
    int rc = 0, i = 0;
    (void)unused;
    make_all();
    while (i < COUNT && rc == 0)
        rc = leash_await(calls[i++], NULL);
    while (i < COUNT)
        leash_close(calls[i++]);
    return rc == -EIO ? 0 : -EPROTO;
}

static int all_gathered(void *unused)
{
    leash_awaitable_t items[COUNT];
    (void)unused;
    make_all();
    for (int i = 0; i < COUNT; i++)
        items[i] = calls[i];
    return leash_gather_wait_array(items, COUNT, LEASH_RETURN_FAILURES, NULL);
}

CASES(CASE(left_early), CASE(rest_closed), CASE(all_gathered))
