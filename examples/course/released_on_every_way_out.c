/* 4.10 What is deferred runs on every way out of the body: also when that fails, and when its task is cancelled. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int acquire(void)
{
    puts("Acquiring the resource...");
    int rc = leash_sleep(0.5);
    if (rc < 0)
        return rc;
    puts("The resource is acquired");
    return 0;
}

static int release(void *unused)
{
    (void)unused;
    puts("Releasing the resource...");
    int rc = leash_sleep(0.5); /* clean-up may wait as well */
    if (rc < 0)
        return rc;
    puts("The resource is released");
    return 0;
}

static int use_and_fail(void *unused)
{
    (void)unused;
    int rc = acquire();
    if (rc < 0)
        return rc;
    rc = leash_defer(release, NULL);
    if (rc < 0)
        return rc;
    return leash_fail(-EIO, "the resource is broken");
}

static int use_for_long(void *unused)
{
    (void)unused;
    int rc = acquire();
    if (rc < 0)
        return rc;
    rc = leash_defer(release, NULL);
    if (rc < 0)
        return rc;
    return leash_sleep(60);
}

static int app(void *unused)
{
    (void)unused;
    puts("=== The body fails ===");
    leash_task_t task = leash_create_task(leash_coro(use_and_fail, NULL));
    struct leash_failure failure;
    if (leash_await(task, NULL) < 0 && leash_failure(task, &failure) == 0)
        printf("It failed: %s\n", failure.message);

    puts("=== The task is cancelled ===");
    task = leash_create_task(leash_coro(use_for_long, NULL));
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    leash_cancel(task, NULL);
    rc = leash_await(task, NULL);
    if (rc != -ECANCELED)
        return rc;
    puts("It was cancelled");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
