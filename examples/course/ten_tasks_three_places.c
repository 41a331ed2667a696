/* 4.22 Ten tasks of 1 s, of which a semaphore lets three run at a time: 4 s. */
#include <leash.h>
#include <stdio.h>

static leash_semaphore_t places = LEASH_SEMAPHORE_INIT("places", 3);

static int limited_task(void *arg)
{
    int n = *(const int *)arg;
    int rc = leash_semaphore_acquire(&places);
    if (rc < 0)
        return rc;
    printf("Task %d begins\n", n);
    rc = leash_sleep(1);
    printf("Task %d is done\n", n);
    leash_semaphore_release(&places);
    return rc;
}

static int app(void *unused)
{
    enum { COUNT = 10 };
    int numbers[COUNT];
    leash_awaitable_t tasks[COUNT];
    (void)unused;
    double began = leash_time();
    for (int i = 0; i < COUNT; i++) {
        numbers[i] = i;
        tasks[i] = leash_create_task(leash_coro(limited_task, &numbers[i]));
    }
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
