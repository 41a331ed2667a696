/* 5.1 A trap: two tasks take two locks, each begins with another one. Both have one and want the other for good. Taken
 * in one order everywhere, they are no trap. */
#include <errno.h>
#include <leash.h>
#include <stdio.h>

struct account {
    leash_lock_t lock;
    int money;
};

static struct account mine = {LEASH_LOCK_INIT("mine"), 100};
static struct account yours = {LEASH_LOCK_INIT("yours"), 100};

struct transfer {
    struct account *from, *to;
    int money;
};

static int transfer(void *arg)
{
    const struct transfer *t = arg;
    int rc = leash_lock_acquire(&t->from->lock);
    if (rc < 0)
        return rc;
    rc = leash_sleep(0.1); /* looks something up: meanwhile the other one begins */
    if (rc == 0 && (rc = leash_lock_acquire(&t->to->lock)) == 0) {
        t->from->money -= t->money;
        t->to->money += t->money;
        leash_lock_release(&t->to->lock);
    }
    leash_lock_release(&t->from->lock);
    return rc;
}

static int app(void *unused)
{
    (void)unused;
    struct transfer there = {&mine, &yours, 10}, back = {&yours, &mine, 20};
    puts("Both begin");
    int rc = leash_gather_wait(NULL, leash_coro(transfer, &there), leash_coro(transfer, &back));
    printf("Mine: %d, yours: %d\n", mine.money, yours.money);
    return rc;
}

int main(void)
{
    int rc = leash_run(leash_coro(app, NULL));
    puts(rc == -EDEADLK ? "They wait for each other: the run was ended" : "Both came to an end");
    return rc != -EDEADLK;
}
