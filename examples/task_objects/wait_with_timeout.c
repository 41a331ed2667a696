/* 2.2 wait() with a limit tells the done from the pending. Its timeout of 2 s is armed before t2's sleep of 2 s, so
 * only t3 is done then; the pending two are cancelled, and have ended by the time the loop stops. */
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

static void print_done(leash_task_t task)
{
    struct reply *reply;
    if (leash_result(task, (void **)&reply) == 0)
        printf("- %s result: status %s, data %d\n", leash_task_name(task), reply->status, reply->data);
}

static int app(void *unused)
{
    enum { COUNT = 3 };
    static int numbers[COUNT] = {3, 2, 1}; /* two of the tasks outlive this frame */
    (void)unused;
    puts("Starting main coroutine");
    leash_awaitable_t tasks[COUNT];
    for (int i = 0; i < COUNT; i++) {
        char name[8];
        snprintf(name, sizeof(name), "t%d", i + 1);
        tasks[i] = leash_create_task_named(leash_coro(http_call, &numbers[i]), name);
    }

    unsigned char done[COUNT];
    int finished = leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, 2, done);
    if (finished < 0)
        return finished;
    printf("\nDone tasks (%d):\n", finished);
    for (int i = 0; i < COUNT; i++)
        if (done[i])
            print_done(tasks[i]);
    printf("\nPending tasks (%d):\n", COUNT - finished);
    for (int i = 0; i < COUNT; i++)
        if (!done[i]) {
            printf("- %s is still pending.\n", leash_task_name(tasks[i]));
            leash_cancel(tasks[i], NULL);
        }
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
