/* 4.4 leash_create_task: tasks that run on while the one that made them does something else. */
#include <leash.h>
#include <stdio.h>

struct job {
    const char *name;
    double seconds;
};

static int worker(void *arg)
{
    const struct job *job = arg;
    int rc = leash_sleep(job->seconds);
    if (rc < 0)
        return rc;
    char result[32];
    snprintf(result, sizeof(result), "Worker %s done", job->name);
    return leash_return_copy(result, sizeof(result));
}

/* Prints what a task gave: it lives until this task waits again. */
static int print_result(leash_task_t task)
{
    char *result;
    int rc = leash_await(task, (void **)&result);
    if (rc < 0)
        return rc;
    printf("Result: %s\n", result);
    return 0;
}

static int app(void *unused)
{
    struct job jobs[] = {{"Task1", 2}, {"Task2", 1}};
    (void)unused;
    double began = leash_time();
    leash_task_t task1 = leash_create_task(leash_coro(worker, &jobs[0]));
    leash_task_t task2 = leash_create_task(leash_coro(worker, &jobs[1]));
    puts("The tasks are made and queued; something else is done...");
    int rc = leash_sleep(0.5); /* here they begin */
    if (rc < 0)
        return rc;
    puts("Now they are waited for...");
    rc = print_result(task1);
    if (rc < 0)
        return rc;
    rc = print_result(task2); /* done since 1 s */
    if (rc < 0)
        return rc;
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
