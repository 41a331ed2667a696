/* Two jobs of threads fail under one gather: the second failure reaches nobody. */
#include "verdict.h"

static int hidden_job(void *unused)
{
    (void)unused;
    leash_future_t first = leash_future();
    leash_future_t second = leash_to_thread(broken, NULL); /* LEAK failure-hidden 1 in hidden_job */
    leash_future_t both = leash_gather(first, second);
    leash_future_set_failure(first, -EPIPE, "the line is dead");
    while (!leash_done(both) || !leash_done(second))
        leash_sleep(0.001);
    return leash_result(both, NULL) < 0 ? 0 : -EPROTO;
}

static int jobs_in_turn(void *unused)
{
    (void)unused;
    leash_future_t first = leash_to_thread(broken, NULL);
    leash_future_t second = leash_to_thread(broken, NULL);
    int rc = leash_await(first, NULL);
    return leash_await(second, NULL) == rc ? 0 : -EPROTO;
}

CASES(CASE(hidden_job), CASE(jobs_in_turn))
