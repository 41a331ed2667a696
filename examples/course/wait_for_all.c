/* 4.4 leash_wait waits for tasks without looking at their outcomes: whoever calls it reads them afterwards, task by
 * task. */
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
    struct job jobs[] = {{"W1", 1}, {"W2", 2}, {"W3", 3}};
    enum { COUNT = sizeof(jobs) / sizeof(jobs[0]) };
    (void)unused;
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(worker, &jobs[i]));

    int done = leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, -1, NULL);
    if (done < 0)
        return done;
    printf("Done: %d, pending: %d\n", done, COUNT - done);
    for (size_t i = 0; i < COUNT; i++) {
        char *result;
        int rc = leash_result(tasks[i], (void **)&result);
        if (rc < 0)
            return rc;
        printf("  - %s\n", result);
    }
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
