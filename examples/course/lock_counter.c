/* 4.11 A lock: one task at a time. Without it each of the three would read 0, wait, and write 1. */
#include <leash.h>
#include <stdio.h>

static leash_lock_t lock = LEASH_LOCK_INIT("counter");
static int counter; /* kept by the lock */

static int increment(void *name)
{
    int rc = leash_lock_acquire(&lock);
    if (rc < 0)
        return rc;
    printf("%s has the lock\n", (char *)name);
    int value = counter;
    rc = leash_sleep(0.1); /* as if there was something to compute */
    if (rc == 0) {
        counter = value + 1;
        printf("%s gives it back, the counter is %d\n", (char *)name, counter);
    }
    leash_lock_release(&lock);
    return rc;
}

static int app(void *unused)
{
    char names[][8] = {"Task 1", "Task 2", "Task 3"};
    (void)unused;
    int rc = leash_gather_wait(NULL, leash_coro(increment, names[0]), leash_coro(increment, names[1]),
                               leash_coro(increment, names[2]));
    if (rc < 0)
        return rc;
    printf("In the end the counter is %d\n", counter);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
