/* 4.4 leash_gather_wait runs coroutines at the same time, and gives their results in the order of the call. */
#include <leash.h>
#include <stdio.h>

struct job {
    const char *name;
    double seconds;
};

static int worker(void *arg)
{
    const struct job *job = arg;
    int rc = leash_sleep(job->seconds);
    if (rc < 0)
        return rc;
    char result[32];
    snprintf(result, sizeof(result), "Worker %s done", job->name);
    return leash_return_copy(result, sizeof(result));
}

static int app(void *unused)
{
    struct job jobs[] = {{"A", 1}, {"B", 2}, {"C", 1.5}};
    (void)unused;
    struct leash_outcome done[3];
    int rc = leash_gather_wait(done, leash_coro(worker, &jobs[0]), leash_coro(worker, &jobs[1]),
                               leash_coro(worker, &jobs[2]));
    if (rc < 0)
        return rc;
    printf("All are done: [%s, %s, %s]\n", (char *)done[0].result, (char *)done[1].result, (char *)done[2].result);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
