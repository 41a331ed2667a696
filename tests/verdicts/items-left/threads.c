/* In a loop on a thread of its own. */
#include "loop_thread.h"

static leash_queue_t jobs = LEASH_QUEUE_INIT("jobs", 0); /* LEAK items-left 1 in left_there */
static int job;

static int puts_one(void *unused)
{
    (void)unused;
    int rc = leash_queue_put(&jobs, &job);
    return rc < 0 ? rc : 0;
}

static int puts_and_gets(void *unused)
{
    int rc = puts_one(unused);
    return rc < 0 ? rc : leash_queue_get(&jobs, NULL);
}

static int left_there(void)
{
    return on_a_thread(puts_one);
}

static int drained_there(void)
{
    return on_a_thread(puts_and_gets);
}

CASES(PLAIN_CASE(left_there), PLAIN_CASE(drained_there))
