/* 4.22 A trap: a coroutine is no result. Nothing runs until it is awaited. */
#include <leash.h>
#include <stdio.h>

static int fetch_data(void *unused)
{
    static char data[] = "data";
    (void)unused;
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    return leash_return(data);
}

static int bad_usage(void *unused)
{
    (void)unused;
    leash_coro_t result = leash_coro(fetch_data, NULL); /* wrong: it is not awaited */
    printf("Bad: %s\n", result ? "a coroutine, no data" : "nothing");
    return 0;
}

static int good_usage(void *unused)
{
    char *result;
    (void)unused;
    int rc = leash_await(leash_coro(fetch_data, NULL), (void **)&result);
    if (rc < 0)
        return rc;
    printf("Good: %s\n", result);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(bad_usage, NULL), NULL);
    if (rc < 0)
        return rc;
    return leash_await(leash_coro(good_usage, NULL), NULL);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
