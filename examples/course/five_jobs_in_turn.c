/* 4.13 Five jobs that wait 1 s each, one after the other: 5 s. */
#include <leash.h>
#include <stdio.h>

static int job(void *name)
{
    int rc = leash_sleep(1); /* as if it waited for a disk or a network */
    if (rc < 0)
        return rc;
    printf("%s is done\n", (char *)name);
    return 0;
}

static int app(void *unused)
{
    char names[][7] = {"Job 0", "Job 1", "Job 2", "Job 3", "Job 4"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    (void)unused;
    double began = leash_time();
    for (size_t i = 0; i < COUNT; i++) {
        int rc = leash_await(leash_coro(job, names[i]), NULL);
        if (rc < 0)
            return rc;
    }
    printf("In turn: %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
