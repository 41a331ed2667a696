/* An await that a time limit or a cancellation cuts short settles nothing: what was waited for behind a shield still
 * has its claim, and when its handle is dropped then, it is lost. */
#include "verdict.h"

static int try_a_second(void)
{
    leash_task_t task = leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in behind_a_shield */
    return leash_wait_for(leash_shield(task), 1, NULL);
}

static int behind_a_shield(void *unused)
{
    (void)unused;
    return try_a_second() == -ETIMEDOUT ? 0 : -EPROTO;
}

/* Without a shield the limit cancels the task, and waits until it has ended. */
static int ended_by_its_limit(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(forever, NULL));
    return leash_wait_for(task, 1, NULL) == -ETIMEDOUT ? 0 : -EPROTO;
}

CASES(CASE(behind_a_shield), CASE(ended_by_its_limit))
