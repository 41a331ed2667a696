/* A job of leash_to_thread runs on another thread, too: it must not touch what is the loop's. It may block, and tell
 * the loop. What waits is refused there, but wrongs no loop. */
#include "verdict.h"

static leash_queue_t lines = LEASH_QUEUE_INIT("lines", 0);

static int put_a_line(void *unused)
{
    (void)unused;
    return leash_queue_put_nowait(&lines, &lines); /* LEAK wrong-thread 1 in puts_there */
}

static int sleep_in_a_job(void *unused)
{
    (void)unused;
    return leash_sleep(0.01);
}

static int compute(void *unused)
{
    (void)unused;
    return 42;
}

static int puts_there(void *unused)
{
    (void)unused;
    leash_queue_put(&lines, &lines); /* from now on it is this loop's */
    int rc = leash_await(leash_to_thread(put_a_line, NULL), NULL);
    leash_queue_get(&lines, NULL);
    return rc == -EPERM ? 0 : -EPROTO;
}

static int waits(void *unused)
{
    (void)unused;
    return leash_await(leash_to_thread(sleep_in_a_job, NULL), NULL) == -EPERM ? 0 : -EPROTO;
}

static int computes(void *unused)
{
    (void)unused;
    return leash_await(leash_to_thread(compute, NULL), NULL) == 42 ? 0 : -EPROTO;
}

CASES(CASE(puts_there), CASE(waits), CASE(computes))
