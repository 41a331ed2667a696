/* 4.1 The same three tasks at the same time: while one waits the others go on, 2 s in all. */
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
    int rc = leash_sleep(job->seconds);
    if (rc < 0)
        return rc;
    printf("Task %s is done\n", job->name);
    char result[32];
    snprintf(result, sizeof(result), "result of %s", job->name);
    return leash_return_copy(result, sizeof(result));
}

static int app(void *unused)
{
    struct job jobs[] = {{"A", 2}, {"B", 2}, {"C", 2}};
    (void)unused;
    puts("=== At the same time ===");
    double began = leash_time();
    struct leash_outcome done[3];
    int rc =
        leash_gather_wait(done, leash_coro(work, &jobs[0]), leash_coro(work, &jobs[1]), leash_coro(work, &jobs[2]));
    if (rc < 0)
        return rc;
    printf("Total time: %.2f s\n", leash_time() - began);
    printf("Results: [%s, %s, %s]\n", (char *)done[0].result, (char *)done[1].result, (char *)done[2].result);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
