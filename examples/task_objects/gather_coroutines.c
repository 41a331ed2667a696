/* 2.3 gather takes coroutines as they are and makes the tasks itself; results in the order of the call. */
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

static int app(void *unused)
{
    int numbers[] = {3, 2, 1};
    enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };
    (void)unused;
    double began = leash_time();
    puts("Starting main coroutine");
    leash_awaitable_t calls[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        calls[i] = leash_coro(http_call, &numbers[i]);
    puts("Coroutines made, awaiting their start and completion");

    struct leash_outcome outcomes[COUNT];
    int rc = leash_gather_wait_array(calls, COUNT, 0, outcomes);
    if (rc < 0)
        return rc;
    puts("\nAll results:");
    for (size_t i = 0; i < COUNT; i++) {
        const struct reply *reply = outcomes[i].result;
        printf("- status %s, data %d\n", reply->status, reply->data);
    }
    printf("Total time: %.2f seconds\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
