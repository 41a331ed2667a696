/* 2.4 A task needs a running loop: made before, it is refused with a message, and its coroutine is never awaited. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>
#include <string.h>

static int http_call(void *arg)
{
    int number = *(const int *)arg;
    printf("Starting HTTP call with parameter %d\n", number);
    return leash_sleep(number);
}

int main(void)
{
    static int number = 3;
    leash_task_t task = leash_create_task_named(leash_coro(http_call, &number), "t1"); /* wrong: no loop runs yet */
    if (!task) {
        printf("no task: %s\n", strerror(errno));
        printf("reason: %s\n", leash_last_error());
        return 0; /* as a program does that stops at its first error */
    }
    puts("this line is never reached");
    return 1;
}
