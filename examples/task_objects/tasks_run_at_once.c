/* 2.1 A task runs as soon as the loop gets to it, not when it is awaited: both calls are under way during the first
 * await, the second ends first, and the whole takes 3 s, not 5. */
#include <leash.h>
#include <stdio.h>

struct reply {
    const char *status;
    int data;
};

static int http_call(void *arg)
{
    int number = *(const int *)arg;
    printf("Starting HTTP call with parameter %d\n", number);
    int rc = leash_sleep(number);
    if (rc < 0)
        return rc;
    printf("Completed HTTP call %d\n", number);
    return leash_return_copy(&(struct reply){"success", number}, sizeof(struct reply));
}

/* Waits for a call and prints its reply, which lives until this task waits again. */
static int print_reply(const char *name, leash_task_t task)
{
    struct reply *reply;
    int rc = leash_await(task, (void **)&reply);
    if (rc < 0)
        return rc;
    printf("Result from %s: status %s, data %d\n", name, reply->status, reply->data);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    puts("Starting main coroutine");
    leash_task_t task1 = leash_create_task(leash_coro(http_call, &(int){3}));
    leash_task_t task2 = leash_create_task(leash_coro(http_call, &(int){2}));
    puts("Tasks created, awaiting their completion");

    int rc = print_reply("task1", task1);
    if (rc < 0)
        return rc;
    rc = print_reply("task2", task2); /* done already: no trip through the loop */
    if (rc < 0)
        return rc;
    printf("All tasks completed in %.2f seconds\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
