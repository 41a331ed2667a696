/* 3.6 Five tasks made in a loop into one variable: only the last handle is left, and then not even that. All five take
 * their first step after main has returned. */
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
    leash_task_t task = NULL;
    (void)unused;
    for (int i = 0; i < 5; i++)
        task = leash_create_task(leash_coro_copy(take_steps, &i, sizeof(i))); /* wrong: the one before is lost */
    printf("main returns, %s\n", leash_done(task) ? "the last task is done" : "the last task is not done");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
