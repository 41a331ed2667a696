/* 0.1 A task is created, and main returns without waiting for it: what it was to print is never printed. */
#include <leash.h>
#include <stdio.h>

static int say_hello(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    puts("Hello, Async!");
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(say_hello, NULL)); /* wrong: nobody keeps the handle, nobody waits */
    puts("Main done!");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
