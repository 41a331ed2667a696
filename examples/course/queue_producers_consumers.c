/* 4.12 Two producers, two consumers, and a queue of three between them. The producers are quicker, but not so much that
 * they would have to wait. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

enum { ITEMS = 3 };

struct producer {
    const char *name;
    char items[ITEMS][16];
};

static leash_queue_t queue = LEASH_QUEUE_INIT("items", 3);

static int produce(void *arg)
{
    struct producer *producer = arg;
    for (int i = 0; i < ITEMS; i++) {
        snprintf(producer->items[i], sizeof(producer->items[i]), "%s-item%d", producer->name, i);
        int rc = leash_queue_put(&queue, producer->items[i]);
        if (rc < 0)
            return rc;
        printf("Producer %s put %s, size of the queue: %ld\n", producer->name, producer->items[i],
               leash_queue_qsize(&queue));
        rc = leash_sleep(0.5);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int consume(void *name)
{
    for (;;) {
        char *item;
        int rc = leash_queue_get(&queue, (void **)&item);
        if (rc < 0)
            return rc; /* cancelled: there is nothing more to do */
        printf("Consumer %s takes %s\n", (char *)name, item);
        rc = leash_sleep(1);
        leash_queue_task_done(&queue);
        if (rc < 0)
            return rc;
    }
}

static int app(void *unused)
{
    struct producer sources[] = {{.name = "P1"}, {.name = "P2"}};
    char names[][3] = {"C1", "C2"};
    (void)unused;
    double began = leash_time();
    leash_future_t producers = leash_gather(leash_coro(produce, &sources[0]), leash_coro(produce, &sources[1]));
    leash_future_t consumers = leash_gather(leash_coro(consume, names[0]), leash_coro(consume, names[1]));
    int rc = leash_await(producers, NULL); /* everything is in the queue, or was */
    if (rc < 0)
        return rc;
    rc = leash_queue_join(&queue); /* and everything was dealt with */
    if (rc < 0)
        return rc;
    printf("All is done after %.2f s\n", leash_time() - began);
    leash_cancel(consumers, NULL);
    rc = leash_await(consumers, NULL);
    return rc == -ECANCELED ? 0 : rc;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
