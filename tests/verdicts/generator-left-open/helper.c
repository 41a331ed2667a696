/* A helper that wants the first value only, of a generator that its caller made for it. */
#include "generator-left-open/numbers.h"

static int most = 10;

static int first_of(leash_generator_t all)
{
    void *value = NULL;
    return leash_next(all, &value) > 0 ? *(int *)value : -ENODATA;
}

static int first_and_close(leash_generator_t all)
{
    int first = first_of(all), rc = leash_generator_close(all);
    return rc < 0 ? rc : first;
}

static int not_closed(void *unused)
{
    (void)unused;
    return first_of(leash_generator(numbers, &most)) == 1 ? 0 : -EPROTO; /* LEAK generator-left-open 1 in not_closed */
}

static int closed(void *unused)
{
    (void)unused;
    return first_and_close(leash_generator(numbers, &most)) == 1 ? 0 : -EPROTO;
}

CASES(CASE(not_closed), CASE(closed))
