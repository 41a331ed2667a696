/* 5.4 A trap: a task takes its cancellation for one more failed attempt, and tries again. Who cancelled it and waits
 * for its end waits for all of them. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>

static int attempt(void *unused)
{
    (void)unused;
    return leash_sleep(0.5);
}

static int try_three_times(void *unused)
{
    (void)unused;
    for (int i = 1; i <= 3; i++) {
        int rc = leash_await(leash_coro(attempt, NULL), NULL);
        printf("Attempt %d: %s\n", i, rc < 0 ? "failed" : "fine"); /* wrong: -ECANCELED is no failed attempt */
    }
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(try_three_times, NULL));
    int rc = leash_sleep(0.1);
    if (rc < 0)
        return rc;
    leash_cancel(task, NULL);
    rc = leash_await(task, NULL);
    printf("It took %.2f s to end, and ended %s\n", leash_time(), rc == -ECANCELED ? "cancelled" : "well");
    return rc;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
