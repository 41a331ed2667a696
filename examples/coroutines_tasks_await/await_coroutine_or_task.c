/* 3.4 Awaiting a coroutine is a plain call: no other task runs in between. Awaiting a task goes through the loop: every
 * task that was ready before it runs first. */
#include <leash.h>
#include <stdio.h>

static int say(void *arg)
{
    printf("  %s\n", (const char *)arg);
    return 0;
}

static int app(void *unused)
{
    static char neighbour_line[] = "another ready task runs";
    static char coroutine_line[] = "the coroutine runs";
    static char task_line[] = "the task runs";
    (void)unused;
    leash_task_t neighbour = leash_create_task(leash_coro(say, neighbour_line));
    puts("await a coroutine:");
    int rc = leash_await(leash_coro(say, coroutine_line), NULL);
    if (rc < 0)
        return rc;
    puts("await a task:");
    rc = leash_await(leash_create_task(leash_coro(say, task_line)), NULL);
    if (rc < 0)
        return rc;
    puts("main resumes");
    return leash_await(neighbour, NULL);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
