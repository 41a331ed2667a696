/* 4.4 leash_wait_for waits with a limit: when that is over it cancels what it waits for, and says -ETIMEDOUT. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int slow_operation(void *unused)
{
    (void)unused;
    int rc = leash_sleep(3);
    if (rc < 0) {
        puts("The operation is told to end");
        return rc;
    }
    puts("The operation is done");
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    leash_task_t task = leash_create_task(leash_coro(slow_operation, NULL));
    int rc = leash_wait_for(task, 1, NULL);
    if (rc != -ETIMEDOUT)
        return rc;
    printf("The operation took too long: given up after %.2f s\n", leash_time() - began);
    printf("Its task is cancelled: %s\n", leash_cancelled(task) == 1 ? "yes" : "no");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
