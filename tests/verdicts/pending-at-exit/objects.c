/* Tasks that wait for objects when main returns: a queue's consumer, an event's waiter. */
#include "verdict.h"

static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0);
static leash_event_t ready = LEASH_EVENT_INIT("ready");
static leash_task_t held;

static int consume(void *unused)
{
    int rc;
    void *job;
    (void)unused;
    while ((rc = leash_queue_get(&jobs, &job)) == 0)
        ;
    return rc == -ESHUTDOWN ? 0 : rc;
}

static int wait_until_ready(void *unused)
{
    (void)unused;
    return leash_event_wait(&ready);
}

static int consumer(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(consume, NULL)); /* LEAK pending-at-exit 1 in consumer */
    keep(&held);
    leash_queue_put(&jobs, &jobs);
    return leash_sleep(1);
}

static int waiter(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(wait_until_ready, NULL)); /* LEAK pending-at-exit 1 in waiter */
    keep(&held);
    return leash_sleep(1);
}

static int consumer_shut_down(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(consume, NULL));
    leash_queue_put(&jobs, &jobs);
    leash_queue_shutdown(&jobs, false);
    return leash_await(held, NULL);
}

static int waiter_told(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(wait_until_ready, NULL));
    leash_event_set(&ready);
    return leash_await(held, NULL);
}

CASES(CASE(consumer), CASE(waiter), CASE(consumer_shut_down), CASE(waiter_told))
