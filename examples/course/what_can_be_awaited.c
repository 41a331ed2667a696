/* 4.3 Three kinds of things can be awaited: coroutines, tasks, futures. */
#include <leash.h>
#include <stdio.h>

static int answer(void *text)
{
    return leash_return(text);
}

static int app(void *unused)
{
    static char of_coroutine[] = "what the coroutine gave", of_task[] = "what the task gave",
                of_future[] = "what the future was given";
    (void)unused;
    char *result;
    int rc = leash_await(leash_coro(answer, of_coroutine), (void **)&result);
    if (rc < 0)
        return rc;
    printf("Coroutine: %s\n", result);

    leash_task_t task = leash_create_task(leash_coro(answer, of_task));
    rc = leash_await(task, (void **)&result);
    if (rc < 0)
        return rc;
    printf("Task: %s\n", result);

    leash_future_t future = leash_future();
    leash_future_set_result(future, of_future);
    rc = leash_await(future, (void **)&result);
    if (rc < 0)
        return rc;
    printf("Future: %s\n", result);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
