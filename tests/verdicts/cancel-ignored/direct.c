/* A task's cancellation is delivered, and it goes on as if nothing had been: it waits again, and ends well. */
#include "verdict.h"

static int swallow(void *unused)
{
    (void)unused;
    leash_sleep(3600); /* the code is not looked at */
    return leash_sleep(5);
}

static int obey(void *unused)
{
    (void)unused;
    return leash_sleep(3600);
}

/* It takes the request back, as it may. */
static int take_back(void *unused)
{
    (void)unused;
    if (leash_sleep(3600) == -ECANCELED)
        leash_uncancel(leash_current_task());
    return leash_sleep(5);
}

static int cancel_it(leash_fn_t body)
{
    leash_task_t task = leash_create_task(leash_coro(body, NULL)); /* LEAK cancel-ignored 1 in ignored */
    leash_sleep(1);
    leash_cancel(task, NULL);
    int rc = leash_await(task, NULL);
    return rc == -ECANCELED ? 0 : rc;
}

static int ignored(void *unused)
{
    (void)unused;
    return cancel_it(swallow);
}

static int obeyed(void *unused)
{
    (void)unused;
    return cancel_it(obey);
}

static int taken_back(void *unused)
{
    (void)unused;
    return cancel_it(take_back);
}

CASES(CASE(ignored), CASE(obeyed), CASE(taken_back))
