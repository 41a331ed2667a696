/* 4.4 leash_sleep suspends the task that calls it, not the loop. */
#include <leash.h>
#include <stdio.h>

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    puts("falls asleep");
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    printf("awake again after %.2f s\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
