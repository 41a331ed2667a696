/* 4.5 leash_wait until the first is done: what is still pending is the caller's, here it is cancelled and seen off. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

struct mirror {
    const char *name;
    double seconds; /* that it takes to answer */
};

static int fetch(void *arg)
{
    const struct mirror *mirror = arg;
    int rc = leash_sleep(mirror->seconds);
    if (rc < 0)
        return rc;
    printf("The %s has answered\n", mirror->name);
    return 0;
}

static int app(void *unused)
{
    struct mirror mirrors[] = {{"slow mirror", 1.5}, {"quick mirror", 0.5}, {"other mirror", 1}};
    enum { COUNT = sizeof(mirrors) / sizeof(mirrors[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(fetch, &mirrors[i]));

    unsigned char done[COUNT];
    int finished = leash_wait(tasks, COUNT, LEASH_FIRST_COMPLETED, -1, done);
    if (finished < 0)
        return finished;
    printf("Done: %d, pending: %d, after %.2f s\n", finished, COUNT - finished, leash_time() - began);
    for (size_t i = 0; i < COUNT; i++) {
        if (!done[i])
            leash_cancel(tasks[i], "another was quicker");
        int rc = leash_await(tasks[i], NULL);
        printf("- %s: %s\n", mirrors[i].name, rc == -ECANCELED ? "cancelled" : "used");
    }
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
