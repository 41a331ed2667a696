/* 3.7 The five handles kept in an array, and each task awaited: nothing is lost. */
#include <leash.h>
#include <stdio.h>

static int take_steps(void *arg)
{
    printf("task %d: first step\n", *(const int *)arg);
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    printf("task %d: second step\n", *(const int *)arg);
    return 0;
}

static int app(void *unused)
{
    leash_task_t tasks[5];
    (void)unused;
    for (int i = 0; i < 5; i++)
        tasks[i] = leash_create_task(leash_coro_copy(take_steps, &i, sizeof(i)));
    for (int i = 0; i < 5; i++) {
        int rc = leash_await(tasks[i], NULL);
        if (rc < 0)
            return rc;
    }
    puts("main returns, all five are done");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
