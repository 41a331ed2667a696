/* 4.20 Exercise 1: ten downloads at the same time, reported as they come; the whole takes as long as the longest. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int download(void *arg)
{
    double seconds = *(const double *)arg;
    return leash_sleep(seconds); /* as if it came over the network */
}

static int app(void *unused)
{
    double seconds[] = {1.0, 0.4, 1.6, 0.8, 2.0, 0.2, 1.4, 0.6, 1.8, 1.2};
    enum { COUNT = sizeof(seconds) / sizeof(seconds[0]) };
    double sum = 0;
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        tasks[i] = leash_create_task(leash_coro(download, &seconds[i]));
        sum += seconds[i];
    }

    size_t index;
    int rc;
    struct leash_as_completed *it = leash_as_completed(tasks, COUNT, -1);
    while ((rc = leash_next_completed(it, &index, NULL)) >= 0)
        printf("file%zu is there after %.2f s\n", index + 1, leash_time() - began);
    leash_as_completed_free(it);
    if (rc != -ENODATA)
        return rc;
    printf("Total time: %.2f s, instead of %.2f s in turn\n", leash_time() - began, sum);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
