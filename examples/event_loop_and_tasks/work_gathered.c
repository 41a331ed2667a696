/* 1.2 The loop turns to another task wherever one waits: all three start, each ends in its own time, 3 s for all. */
#include <leash.h>
#include <stdio.h>

struct job {
    const char *name;
    double delay; /* seconds */
};

static int work(void *arg)
{
    const struct job *job = arg;
    printf("[task %s] starts...\n", job->name);
    int rc = leash_sleep(job->delay);
    if (rc < 0)
        return rc;
    printf("[task %s] is done!\n", job->name);
    return 0;
}

static int app(void *unused)
{
    struct job jobs[] = {{"A", 2}, {"B", 1}, {"C", 3}};
    enum { COUNT = sizeof(jobs) / sizeof(jobs[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(work, &jobs[i]));

    int rc = leash_gather_wait_array(tasks, COUNT, 0, NULL);
    if (rc < 0)
        return rc;
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
