/* 4.20 Exercise 3: several requests at the same time; those that take longer than 1 s are skipped, the others are not
 * held up by them. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

struct request {
    const char *url;
    double latency; /* seconds */
};

static int fetch(void *arg)
{
    const struct request *request = arg;
    return leash_sleep(request->latency);
}

/* Returns 1 if it was answered, 0 if it was skipped. */
static int fetch_or_skip(void *arg)
{
    const struct request *request = arg;
    int rc = leash_wait_for(leash_coro(fetch, arg), 1, NULL);
    if (rc == -ETIMEDOUT) {
        printf("%s: no answer within 1 s, skipped\n", request->url);
        return 0;
    }
    if (rc < 0)
        return rc;
    printf("%s: answered\n", request->url);
    return 1;
}

static int app(void *unused)
{
    struct request requests[] = {{"/users", 0.3}, {"/report", 2}, {"/posts", 0.7}, {"/archive", 5}, {"/tags", 0.5}};
    enum { COUNT = sizeof(requests) / sizeof(requests[0]) };
    int answered = 0;
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(fetch_or_skip, &requests[i]));

    struct leash_outcome outcomes[COUNT];
    int rc = leash_gather_wait_array(tasks, COUNT, 0, outcomes);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < COUNT; i++)
        answered += outcomes[i].rc;
    printf("%d of %d requests answered in %.2f s\n", answered, COUNT, leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
