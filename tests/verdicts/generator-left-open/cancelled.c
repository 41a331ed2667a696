/* The task that takes the values is cancelled between two of them; leash_defer closes the generator in every case. */
#include "generator-left-open/numbers.h"

static int most = 1000;

static int close_it(void *generator)
{
    return leash_generator_close(generator);
}

static int take_slowly(void *closes)
{
    int *number, rc = 0;
    leash_generator_t all = leash_generator(numbers, &most); /* LEAK generator-left-open 1 in left_when_cancelled */
    if (closes && (rc = leash_defer(close_it, all)) < 0)
        return rc;
    leash_for_each (all, number) {
        if ((rc = leash_sleep(10)) < 0)
            return rc;
    }
    return 0;
}

static int left_when_cancelled(void *unused)
{
    (void)unused;
    return leash_wait_for(leash_coro(take_slowly, NULL), 15, NULL) == -ETIMEDOUT ? 0 : -EPROTO;
}

static int closed_when_cancelled(void *unused)
{
    (void)unused;
    return leash_wait_for(leash_coro(take_slowly, &most), 15, NULL) == -ETIMEDOUT ? 0 : -EPROTO;
}

CASES(CASE(left_when_cancelled), CASE(closed_when_cancelled))
