/* 4.13 Five jobs that know nothing of the loop and block for 1 s each: on threads of their own they take 1 s together,
 * and the loop stays free for others. */
#include <leash.h>
#include <stdio.h>
#include <time.h>

static int job(void *name)
{
    nanosleep(&(struct timespec){1, 0}, NULL); /* blocks its thread */
    return leash_return(name);
}

static int do_something_else(void *unused)
{
    (void)unused;
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    puts("Meanwhile the loop does something else");
    return 0;
}

static int app(void *unused)
{
    char names[][7] = {"Job 0", "Job 1", "Job 2", "Job 3", "Job 4"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t jobs[COUNT + 1];
    for (size_t i = 0; i < COUNT; i++)
        jobs[i] = leash_to_thread(job, names[i]);
    jobs[COUNT] = leash_create_task(leash_coro(do_something_else, NULL));

    struct leash_outcome done[COUNT + 1];
    int rc = leash_gather_wait_array(jobs, COUNT + 1, 0, done);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < COUNT; i++)
        printf("%s is done\n", (char *)done[i].result);
    printf("On threads: %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
