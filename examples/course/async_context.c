/* 4.10 What `async with` is in Python: acquire, leash_defer the release, use. It is released when the body has
 * returned. */
#include <leash.h>
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

static int use_resource(void *unused)
{
    (void)unused;
    int rc = acquire();
    if (rc < 0)
        return rc;
    rc = leash_defer(release, NULL);
    if (rc < 0)
        return rc;
    puts("Something is done with the resource");
    return leash_sleep(0.5);
}

static int app(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(use_resource, NULL), NULL);
    if (rc < 0)
        return rc;
    puts("The context is left");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
