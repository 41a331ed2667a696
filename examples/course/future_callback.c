/* 4.8 A callback of a future is not called by who sets the result, but by the loop, in its next iteration. */
#include <leash.h>
#include <stdio.h>

static void when_done(void *future, void *unused)
{
    char *result;
    (void)unused;
    if (leash_result(future, (void **)&result) == 0)
        printf("The callback is called, with the result: %s\n", result);
}

static int app(void *unused)
{
    static char text[] = "done";
    (void)unused;
    leash_future_t future = leash_future();
    int rc = leash_add_done_callback(future, when_done, NULL);
    if (rc < 0)
        return rc;
    leash_future_set_result(future, text);
    puts("The result is set; the callback was not called yet");
    rc = leash_sleep(0); /* the loop comes round once */
    puts("The loop has come round");
    return rc;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
