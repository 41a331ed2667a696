/* What was put into a queue and never got: work that nobody did. */
#include "verdict.h"

static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0); /* LEAK items-left 1 in one_left */
static int job;

static int put_two_get(int count)
{
    int rc = leash_queue_put(&jobs, &job);
    if (rc == 0)
        rc = leash_queue_put(&jobs, &job);
    for (int i = 0; i < count && rc == 0; i++)
        rc = leash_queue_get(&jobs, NULL);
    return rc;
}

static int one_left(void *unused)
{
    (void)unused;
    return put_two_get(1);
}

static int drained(void *unused)
{
    (void)unused;
    return put_two_get(2);
}

CASES(CASE(one_left), CASE(drained))
