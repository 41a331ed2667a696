/* 4.19 Two tasks fail at the same time, and gather passes on the first only. With LEASH_RETURN_FAILURES both would be
 * seen. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int risky_operation(void *arg)
{
    int n = *(const int *)arg;
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    return n >= 2 ? leash_fail(-EIO, "task %d failed", n) : n;
}

static int app(void *unused)
{
    int numbers[] = {1, 2, 3};
    (void)unused;
    leash_coro_t first = leash_coro(risky_operation, &numbers[0]);
    leash_coro_t second = leash_coro(risky_operation, &numbers[1]);
    leash_coro_t third = leash_coro(risky_operation, &numbers[2]);
    leash_future_t all = leash_gather(first, second, third);
    int rc = leash_await(all, NULL);
    struct leash_failure failure;
    if (rc >= 0 || leash_failure(all, &failure) < 0)
        return rc;
    printf("Caught: %s\n", failure.message);
    return leash_sleep(0.5); /* task 3 has failed too; nobody is told */
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
