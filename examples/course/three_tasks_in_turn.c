/* 4.1 Three tasks of 2 s one after the other: each waits for the one before it, 6 s in all. */
#include <leash.h>
#include <stdio.h>

struct job {
    const char *name;
    double seconds;
};

static int work(void *arg)
{
    const struct job *job = arg;
    printf("Task %s begins\n", job->name);
    int rc = leash_sleep(job->seconds); /* as if it did something that takes so long */
    if (rc < 0)
        return rc;
    printf("Task %s is done\n", job->name);
    return 0;
}

static int app(void *unused)
{
    struct job jobs[] = {{"A", 2}, {"B", 2}, {"C", 2}};
    (void)unused;
    puts("=== One after the other ===");
    double began = leash_time();
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        int rc = leash_await(leash_coro(work, &jobs[i]), NULL);
        if (rc < 0)
            return rc;
    }
    printf("Total time: %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
