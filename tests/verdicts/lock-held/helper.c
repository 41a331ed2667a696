/* Ways out that a release was forgotten on: a failure, a cancellation. leash_defer is on all of them. */
#include "verdict.h"

static leash_lock_t account = LEASH_LOCK_INIT("account");

static int withdraw(void *amount)
{
    int rc = leash_lock_acquire(&account);
    if (rc < 0)
        return rc;
    if (*(int *)amount > 100)
        return leash_fail(-EDQUOT, "the limit is 100");
    rc = leash_sleep(10);
    if (rc < 0)
        return rc;
    leash_lock_release(&account);
    return 0;
}

static int release(void *lock)
{
    return leash_lock_release(lock);
}

static int withdraw_safely(void *amount)
{
    int rc = leash_lock_acquire(&account);
    if (rc < 0 || (rc = leash_defer(release, &account)) < 0)
        return rc;
    return *(int *)amount > 100 ? leash_fail(-EDQUOT, "the limit is 100") : leash_sleep(10);
}

static int run(leash_fn_t body, int amount, double limit)
{
    leash_task_t task = leash_create_task(leash_coro_copy(body, &amount, sizeof(amount))); /* LEAK lock-held 1 in
        failed, cancelled */
    return leash_wait_for(task, limit, NULL);
}

static int failed(void *unused)
{
    (void)unused;
    return run(withdraw, 1000, -1) == -EDQUOT ? 0 : -EPROTO;
}

static int cancelled(void *unused)
{
    (void)unused;
    return run(withdraw, 10, 1) == -ETIMEDOUT ? 0 : -EPROTO;
}

static int on_the_good_way(void *unused)
{
    (void)unused;
    return run(withdraw, 10, -1);
}

static int deferred(void *unused)
{
    (void)unused;
    if (run(withdraw_safely, 1000, -1) != -EDQUOT || run(withdraw_safely, 10, 1) != -ETIMEDOUT)
        return -EPROTO;
    return run(withdraw_safely, 10, -1);
}

CASES(CASE(failed), CASE(cancelled), CASE(on_the_good_way), CASE(deferred))
