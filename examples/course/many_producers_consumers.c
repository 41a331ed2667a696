/* 4.20 Exercise 2: several producers and consumers. When the producers are done the queue is shut down: the consumers
 * take what is left, and end by themselves. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

enum { PRODUCERS = 3, CONSUMERS = 2, EACH = 4 };

struct producer {
    double pause; /* seconds before each item */
    int items[EACH];
};

static leash_queue_t queue = LEASH_QUEUE_INIT("numbers", 5);

static int produce(void *arg)
{
    struct producer *producer = arg;
    for (int i = 0; i < EACH; i++) {
        int rc = leash_sleep(producer->pause);
        if (rc < 0)
            return rc;
        producer->items[i] = i + 1;
        rc = leash_queue_put(&queue, &producer->items[i]);
        if (rc < 0)
            return rc;
    }
    return EACH;
}

/* Returns the sum of what it took. */
static int consume(void *unused)
{
    int sum = 0, rc;
    int *item;
    (void)unused;
    while ((rc = leash_queue_get(&queue, (void **)&item)) == 0) {
        sum += *item;
        rc = leash_sleep(0.1);
        if (rc < 0)
            return rc;
    }
    return rc == -ESHUTDOWN ? sum : rc;
}

static int app(void *unused)
{
    struct producer sources[PRODUCERS] = {{.pause = 0.1}, {.pause = 0.25}, {.pause = 0.4}};
    leash_awaitable_t producers[PRODUCERS], consumers[CONSUMERS];
    struct leash_outcome made[PRODUCERS], used[CONSUMERS];
    int items = 0, sum = 0;
    (void)unused;
    for (int i = 0; i < PRODUCERS; i++)
        producers[i] = leash_create_task(leash_coro(produce, &sources[i]));
    for (int i = 0; i < CONSUMERS; i++)
        consumers[i] = leash_create_task(leash_coro(consume, NULL));

    int rc = leash_gather_wait_array(producers, PRODUCERS, 0, made);
    if (rc < 0)
        return rc;
    leash_queue_shutdown(&queue, 0);
    rc = leash_gather_wait_array(consumers, CONSUMERS, 0, used);
    if (rc < 0)
        return rc;
    for (int i = 0; i < PRODUCERS; i++)
        items += made[i].rc;
    for (int i = 0; i < CONSUMERS; i++)
        sum += used[i].rc;
    printf("%d producers put %d items, %d consumers took all of them: the sum is %d\n", PRODUCERS, items, CONSUMERS,
           sum);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
