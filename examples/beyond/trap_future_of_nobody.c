/* 5.2 A trap: main awaits a future that nobody is left to set. asyncio hangs there; here the run ends, and says so. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>

static int answer(void *future)
{
    int rc = leash_sleep(0.1);
    if (rc < 0)
        return rc;
    puts("The answer is not known: nothing is set"); /* wrong: a future that is promised must be set, or fail */
    (void)future;
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    leash_future_t future = leash_future();
    leash_task_t task = leash_create_task(leash_coro(answer, future));
    int rc = leash_await(task, NULL);
    if (rc < 0)
        return rc;
    puts("Waiting for the answer");
    return leash_await(future, NULL);
}

int main(void)
{
    int rc = leash_run(leash_coro(app, NULL));
    puts(rc == -EDEADLK ? "Nothing was left that could set it: the run was ended" : "It was set");
    return rc != -EDEADLK;
}
