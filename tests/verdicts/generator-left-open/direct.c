/* A loop over a generator is left early, and the generator is still where it was: its clean-up has not run. */
#include "generator-left-open/numbers.h"

static int most = 10;

static int left_early(void *unused)
{
    int *number;
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most); /* LEAK generator-left-open 1 in left_early */
    leash_for_each (all, number) {
        if (*number == 3)
            break;
    }
    return 0;
}

static int never_began(void *unused)
{
    (void)unused;
    return leash_generator(numbers, &most) ? 0 : -ENOMEM; /* LEAK generator-left-open 1 in never_began */
}

static int closed(void *unused)
{
    int *number;
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most);
    leash_for_each (all, number) {
        if (*number == 3)
            break;
    }
    return leash_generator_close(all);
}

static int exhausted(void *unused)
{
    int *number, sum = 0;
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most);
    leash_for_each (all, number)
        sum += *number;
    return sum == 55 ? 0 : -EPROTO;
}

CASES(CASE(left_early), CASE(never_began), CASE(closed), CASE(exhausted))
