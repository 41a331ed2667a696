/* 3.2 A coroutine becomes a task and is run; leash_run returns only once main has ended, so main()'s line comes last.
 */
#include <leash.h>
#include <stdio.h>

static int loudmouth_penguin(void *arg)
{
    printf("I am a super special talking penguin. Far cooler than that printer. By the way, my lucky number is: %d.\n",
           *(const int *)arg);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_coro_t penguin = leash_coro(loudmouth_penguin, &(int){5});
    leash_task_t task = leash_create_task(penguin);
    puts("the task is made, it has not run yet");
    return leash_await(task, NULL);
}

int main(void)
{
    int rc = leash_run(leash_coro(app, NULL));
    puts("coroutine app() is done!");
    return rc < 0;
}
