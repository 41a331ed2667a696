/* 3.5 A task without a reference, and one with a reference that nobody awaits: both take their first step after main
 * has returned, and neither comes further. The reference goes with main's frame. */
#include <leash.h>
#include <stdio.h>

static int take_steps(void *arg)
{
    printf("%s: first step\n", (const char *)arg);
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    printf("%s: second step\n", (const char *)arg);
    return 0;
}

static int app(void *unused)
{
    static char nobody[] = "task without a reference", somebody[] = "task with a reference";
    (void)unused;
    leash_create_task(leash_coro(take_steps, nobody));                       /* wrong: the handle is thrown away */
    leash_task_t task = leash_create_task(leash_coro(take_steps, somebody)); /* wrong as well: never awaited */
    printf("main returns, %s\n", leash_done(task) ? "the second task is done" : "the second task is not done");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
