/* 4.13 Five jobs that wait 1 s each, as tasks of one thread: 1 s. */
#include <leash.h>
#include <stdio.h>

static int job(void *name)
{
    int rc = leash_sleep(1);
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
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(job, names[i]));
    int rc = leash_gather_wait_array(tasks, COUNT, 0, NULL);
    if (rc < 0)
        return rc;
    printf("As tasks: %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
