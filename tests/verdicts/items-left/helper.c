/* A queue of a function: it is destroyed with items in it; or shut down at once, which drops them on purpose. */
#include "verdict.h"

static int job;

static int use_a_queue(bool shut_down)
{
    leash_queue_t jobs;
    leash_queue_init(&jobs, "jobs", 0); /* LEAK items-left 1 in destroyed_full */
    int rc = leash_queue_put(&jobs, &job);
    if (shut_down)
        leash_queue_shutdown(&jobs, true);
    leash_queue_destroy(&jobs);
    return rc;
}

static int destroyed_full(void *unused)
{
    (void)unused;
    return use_a_queue(false);
}

static int shut_down_at_once(void *unused)
{
    (void)unused;
    return use_a_queue(true);
}

CASES(CASE(destroyed_full), CASE(shut_down_at_once))
