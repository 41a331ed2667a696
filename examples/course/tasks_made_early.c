/* 4.22 Tasks made early run while their maker does other things; by the time it awaits them, much of the wait is over.
 */
#include <leash.h>
#include <stdio.h>

static int wait_a_second(void *unused)
{
    (void)unused;
    return leash_sleep(1);
}

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    leash_task_t task1 = leash_create_task(leash_coro(wait_a_second, NULL));
    leash_task_t task2 = leash_create_task(leash_coro(wait_a_second, NULL));
    puts("Both tasks are queued, other things are done...");
    int rc = leash_sleep(0.6);
    if (rc < 0)
        return rc;
    rc = leash_await(task1, NULL);
    if (rc < 0)
        return rc;
    rc = leash_await(task2, NULL);
    if (rc < 0)
        return rc;
    printf("Both tasks are done: %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
