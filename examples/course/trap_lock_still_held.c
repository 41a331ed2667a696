/* 4.11 A trap: a way out of the body that forgets the lock. Whoever wants it next waits for ever. leash_defer after
 * leash_lock_acquire makes that impossible. */
#include <leash.h>
#include <stdio.h>

static leash_lock_t lock = LEASH_LOCK_INIT("counter");
static int counter = 3; /* kept by the lock */

static int count_down_to(void *arg)
{
    int least = *(const int *)arg;
    int rc = leash_lock_acquire(&lock);
    if (rc < 0)
        return rc;
    if (counter <= least)
        return 0; /* wrong: the lock is not given back */
    rc = leash_sleep(0.1);
    if (rc == 0)
        counter--;
    leash_lock_release(&lock);
    return rc;
}

static int app(void *unused)
{
    (void)unused;
    int rc = leash_gather_wait(NULL, leash_coro(count_down_to, &(int){2}), leash_coro(count_down_to, &(int){2}));
    if (rc < 0)
        return rc;
    printf("The counter is %d\n", counter);
    printf("The lock is %s\n", leash_lock_locked(&lock) ? "still held, though both tasks are done" : "free");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
