/* Two tasks wait for each other while the program goes on: no standstill, and a deadlock all the same. A consumer of an
 * empty queue is none: somebody may still put. */
#include "verdict.h"

static leash_task_t left, right, consumer;
static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0);

static int await_left(void *unused)
{
    (void)unused;
    return leash_await(left, NULL);
}

static int await_right(void *unused)
{
    (void)unused;
    return leash_await(right, NULL);
}

static int cycle(void *unused)
{
    (void)unused;
    left = leash_create_task(leash_coro(await_right, NULL)); /* LEAK deadlock 1 in cycle */
    right = leash_create_task(leash_coro(await_left, NULL));
    return leash_sleep(100);
}

static int consume(void *unused)
{
    (void)unused;
    return leash_queue_get(&jobs, NULL);
}

static int somebody_may_put(void *unused)
{
    (void)unused;
    consumer = leash_create_task(leash_coro(consume, NULL));
    int rc = leash_sleep(100);
    if (rc == 0)
        rc = leash_queue_put(&jobs, &jobs);
    return rc < 0 ? rc : leash_await(consumer, NULL);
}

CASES(CASE(cycle), CASE(somebody_may_put))
