/* Generators that are over: exhausted, closed, failed and closed. Queues that end empty. */
#include "generator-left-open/numbers.h"

static int most = 5;
static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0);

static int exhausted(void *unused)
{
    int *number, count = 0;
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most);
    leash_for_each (all, number)
        count++;
    return count == most ? 0 : -EPROTO;
}

static int left_and_closed(void *unused)
{
    int *number;
    (void)unused;
    leash_generator_t all = leash_generator(numbers, &most);
    leash_for_each (all, number)
        break;
    return leash_generator_close(all);
}

static int closed_unbegun(void *unused)
{
    (void)unused;
    return leash_generator_close(leash_generator(numbers, &most));
}

static int fail_after_one(void *unused)
{
    int rc = leash_yield(unused);
    return rc < 0 ? rc : -EIO;
}

static int failed_and_closed(void *unused)
{
    void *value;
    (void)unused;
    leash_generator_t all = leash_generator(fail_after_one, &most);
    leash_for_each (all, value)
        ;
    return leash_generator_close(all) == -EIO ? 0 : -EPROTO;
}

static int drained_without_waiting(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        leash_queue_put(&jobs, &most);
    while (leash_queue_get_nowait(&jobs, NULL) == 0)
        ;
    return 0;
}

static int shut_down_at_once(void *unused)
{
    (void)unused;
    leash_queue_put(&jobs, &most);
    return leash_queue_shutdown(&jobs, true);
}

CASES(CASE(exhausted), CASE(left_and_closed), CASE(closed_unbegun), CASE(failed_and_closed),
      CASE(drained_without_waiting), CASE(shut_down_at_once))
