/* A helper that tries again on every failure, a cancellation too. */
#include "verdict.h"

static int connect_somewhere(void)
{
    int rc = leash_sleep(10);
    return rc < 0 ? rc : -ECONNREFUSED;
}

static int connect_in_the_end(bool gives_up)
{
    int rc = -EAGAIN;
    for (int i = 0; i < 5 && rc < 0; i++) {
        rc = connect_somewhere();
        if (gives_up && rc == -ECANCELED)
            return rc;
    }
    return rc;
}

static int stubborn(void *unused)
{
    (void)unused;
    return connect_in_the_end(false);
}

static int sensible(void *unused)
{
    (void)unused;
    return connect_in_the_end(true);
}

static int cancel_it(leash_fn_t body)
{
    leash_task_t task = leash_create_task(leash_coro(body, NULL)); /* LEAK cancel-ignored 1 in tries_again */
    leash_sleep(15);
    leash_cancel(task, NULL);
    return leash_await(task, NULL) < 0 ? 0 : -EPROTO;
}

static int tries_again(void *unused)
{
    (void)unused;
    return cancel_it(stubborn);
}

static int gives_up(void *unused)
{
    (void)unused;
    return cancel_it(sensible);
}

CASES(CASE(tries_again), CASE(gives_up))
