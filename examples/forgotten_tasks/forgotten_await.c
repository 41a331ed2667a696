/* 0.2 A coroutine without await is an object, and nothing has run; awaited, it gives its data. */
#include <leash.h>
#include <stdio.h>

struct data {
    int value;
};

static int fetch_data(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    return leash_return_copy(&(struct data){42}, sizeof(struct data));
}

static int app(void *unused)
{
    (void)unused;
    leash_coro_t forgotten = leash_coro(fetch_data, NULL); /* wrong: never awaited */
    printf("without await: a coroutine object, %s\n", leash_done(forgotten) ? "done" : "not run");

    struct data *data;
    int rc = leash_await(leash_coro(fetch_data, NULL), (void **)&data);
    if (rc < 0)
        return rc;
    printf("data = %d\n", data->value);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
