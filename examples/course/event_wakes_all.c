/* 4.11 An event wakes all that wait for it. */
#include <leash.h>
#include <stdio.h>

static leash_event_t go = LEASH_EVENT_INIT("go");

static int wait_for_it(void *name)
{
    printf("%s waits for the event...\n", (char *)name);
    int rc = leash_event_wait(&go);
    if (rc < 0)
        return rc;
    printf("%s saw it!\n", (char *)name);
    return 0;
}

static int set_it(void *unused)
{
    (void)unused;
    int rc = leash_sleep(2);
    if (rc < 0)
        return rc;
    puts("The event is set...");
    return leash_event_set(&go);
}

static int app(void *unused)
{
    char names[][10] = {"Waiter 1", "Waiter 2"};
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(wait_for_it, names[0]), leash_coro(wait_for_it, names[1]),
                             leash_coro(set_it, NULL));
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
