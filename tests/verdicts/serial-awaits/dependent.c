/* The second call takes what the first one gave, or the first one failed: that cannot be done side by side. */
#include "verdict.h"

static int look_up(void *number)
{
    int rc = leash_sleep(1);
    return rc < 0 ? rc : leash_return(number);
}

static int call(void *number)
{
    (void)number;
    return leash_sleep(1);
}

static int fails_first(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    return rc < 0 ? rc : -EIO;
}

static int uses_the_result(void *unused)
{
    static int number = 110;
    void *found;
    (void)unused;
    int rc = leash_await(leash_coro(look_up, &number), &found);
    return rc < 0 ? rc : leash_await(leash_coro(call, found), NULL);
}

static int second_try(void *unused)
{
    static int other;
    (void)unused;
    if (leash_await(leash_coro(fails_first, NULL), NULL) != -EIO)
        return -EPROTO;
    return leash_await(leash_coro(call, &other), NULL);
}

CASES(CASE(uses_the_result), CASE(second_try))
