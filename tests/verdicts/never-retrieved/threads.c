/* A job of a thread fails, and a loop on a thread has a task that does. */
#include "loop_thread.h"

static leash_future_t job;
static leash_task_t held;

static int job_fails(void *unused)
{
    (void)unused;
    job = leash_to_thread(broken, NULL); /* LEAK never-retrieved 1 in job_fails */
    while (!leash_done(job))
        leash_sleep(0.001);
    return 0;
}

static int job_awaited(void *unused)
{
    (void)unused;
    return leash_await(leash_to_thread(broken, NULL), NULL) == -EIO ? 0 : -EPROTO;
}

static int fails_there(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(broken, NULL)); /* LEAK never-retrieved 1 in task_on_a_thread */
    return leash_sleep(1);
}

static int task_on_a_thread(void)
{
    return on_a_thread(fails_there);
}

CASES(CASE(job_fails), CASE(job_awaited), PLAIN_CASE(task_on_a_thread))
