/* A condition's wait returns with its lock held in every case, also when it was cancelled. */
#include "verdict.h"

static leash_condition_t changed = LEASH_CONDITION_INIT("changed");

static int wait_and_forget(void *unused)
{
    (void)unused;
    int rc = leash_condition_acquire(&changed);
    if (rc < 0 || (rc = leash_condition_wait(&changed)) < 0)
        return rc; /* held: it must be released here, too */
    leash_condition_release(&changed);
    return 0;
}

static int wait_and_release(void *unused)
{
    (void)unused;
    int rc = leash_condition_acquire(&changed);
    if (rc < 0)
        return rc;
    rc = leash_condition_wait(&changed);
    leash_condition_release(&changed);
    return rc;
}

static int cancel_it(leash_fn_t body)
{
    leash_task_t task = leash_create_task(leash_coro(body, NULL)); /* LEAK lock-held 1 in cancelled_wait */
    return leash_wait_for(task, 1, NULL) == -ETIMEDOUT ? 0 : -EPROTO;
}

static int cancelled_wait(void *unused)
{
    (void)unused;
    return cancel_it(wait_and_forget);
}

static int released(void *unused)
{
    (void)unused;
    return cancel_it(wait_and_release);
}

CASES(CASE(cancelled_wait), CASE(released))
