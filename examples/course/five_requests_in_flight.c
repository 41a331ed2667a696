/* 4.20 Exercise 4: a client that never has more than five requests in flight, however many it is asked for. */
#include <leash.h>
#include <stdio.h>

enum { LIMIT = 5, REQUESTS = 12 };

struct client {
    leash_semaphore_t slots;
    int in_flight;
    int most; /* of in_flight, ever */
};

static int leave(void *arg)
{
    struct client *client = arg;
    client->in_flight--;
    return leash_semaphore_release(&client->slots);
}

static int request(void *arg)
{
    struct client *client = arg;
    int rc = leash_semaphore_acquire(&client->slots);
    if (rc < 0)
        return rc;
    if (++client->in_flight > client->most)
        client->most = client->in_flight;
    rc = leash_defer(leave, client); /* whatever happens from here on */
    if (rc < 0)
        return rc;
    return leash_sleep(1);
}

static int app(void *unused)
{
    struct client client = {.slots = LEASH_SEMAPHORE_INIT("slots", LIMIT)};
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[REQUESTS];
    for (int i = 0; i < REQUESTS; i++)
        tasks[i] = leash_create_task(leash_coro(request, &client));
    int rc = leash_gather_wait_array(tasks, REQUESTS, 0, NULL);
    if (rc < 0)
        return rc;
    printf("%d requests in %.2f s, never more than %d in flight\n", REQUESTS, leash_time() - began, client.most);
    return leash_semaphore_destroy(&client.slots);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
