/* The program of the example. Its heartbeat is accepted (shop.supp); that it leaves its audit alone is a leak. */
#include <leash.h>

static int beat(void *arg)
{
    (void)arg;
    return leash_sleep(3600);
}

static int write_audit(void *arg)
{
    (void)arg;
    return leash_sleep(60);
}

static leash_task_t heartbeat, audit;

static int self_test(void *arg)
{
    (void)arg;
    heartbeat = leash_create_task_named(leash_coro(beat, NULL), "heartbeat-0");
    audit = leash_create_task_named(leash_coro(write_audit, NULL), "audit");
    return leash_sleep(0.01);
}

int main(void)
{
    return leash_run(leash_coro(self_test, NULL)) < 0 ? 1 : 0;
}
