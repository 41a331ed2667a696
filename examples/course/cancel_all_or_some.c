/* 4.5 To cancel a gather is to cancel all its members. With leash_wait one cancels those that one chooses. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static const char *names[] = {"A", "B", "C"};

static int member(void *arg)
{
    const char *name = *(const char **)arg;
    int rc = leash_sleep(1);
    printf("%s %s\n", name, rc == -ECANCELED ? "is cancelled" : "is done");
    return rc;
}

static int cancel_all(void *unused)
{
    (void)unused;
    leash_future_t all =
        leash_gather(leash_coro(member, &names[0]), leash_coro(member, &names[1]), leash_coro(member, &names[2]));
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    leash_cancel(all, NULL);
    rc = leash_await(all, NULL);
    return rc == -ECANCELED ? 0 : rc;
}

static int cancel_some(void *unused)
{
    enum { COUNT = 3, CHOSEN = 1 };
    (void)unused;
    leash_awaitable_t tasks[COUNT] = {
        leash_create_task(leash_coro(member, &names[0])),
        leash_create_task(leash_coro(member, &names[1])),
        leash_create_task(leash_coro(member, &names[2])),
    };
    int rc = leash_wait(tasks, COUNT, LEASH_ALL_COMPLETED, 0.5, NULL);
    if (rc < 0)
        return rc;
    leash_cancel(tasks[CHOSEN], NULL);
    for (int i = 0; i < COUNT; i++) {
        rc = leash_await(tasks[i], NULL);
        if (rc < 0 && i != CHOSEN)
            return rc;
    }
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    puts("=== gather: all ===");
    int rc = leash_await(leash_coro(cancel_all, NULL), NULL);
    if (rc < 0)
        return rc;
    puts("=== wait: some ===");
    return leash_await(leash_coro(cancel_some, NULL), NULL);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
