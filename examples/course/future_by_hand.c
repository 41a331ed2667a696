/* 4.8 A future is a result that somebody will set, here the program itself. */
#include <leash.h>
#include <stdio.h>

static int app(void *unused)
{
    static char text[] = "the future's result";
    (void)unused;
    leash_future_t future = leash_future();
    printf("Is it done? %s\n", leash_done(future) ? "yes" : "no");
    leash_future_set_result(future, text);
    printf("Is it done? %s\n", leash_done(future) ? "yes" : "no");

    char *result;
    int rc = leash_await(future, (void **)&result);
    if (rc < 0)
        return rc;
    printf("Result: %s\n", result);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
