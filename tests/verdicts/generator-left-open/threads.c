/* In a loop on a thread of its own. */
#include "generator-left-open/numbers.h"
#include "loop_thread.h"

static int most = 10;

static int takes_one(void *unused)
{
    (void)unused;
    return leash_next(leash_generator(numbers, &most), NULL) == 1 ? 0 : -EPROTO; /* LEAK generator-left-open 1 in
        left_there */
}

static int takes_one_and_closes(void *unused)
{
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most);
    int rc = leash_next(all, NULL);
    leash_generator_close(all);
    return rc == 1 ? 0 : -EPROTO;
}

static int left_there(void)
{
    return on_a_thread(takes_one);
}

static int closed_there(void)
{
    return on_a_thread(takes_one_and_closes);
}

CASES(PLAIN_CASE(left_there), PLAIN_CASE(closed_there))
