/* A task ended well, and nobody ever asked: a claim that was never settled, by no await, result or detach. */
#include "verdict.h"

static leash_task_t held;

static int nobody_asked(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in nobody_asked */
    return leash_sleep(2);
}

static int asked_whether_done(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in asked_whether_done */
    leash_sleep(2);
    return leash_done(held) == 1 ? 0 : -EPROTO;
}

static int detached(void *unused)
{
    (void)unused;
    leash_detach(leash_create_task(leash_coro(work, NULL)));
    return leash_sleep(2);
}

static int result_read(void *unused)
{
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL));
    leash_sleep(2);
    return leash_result(held, NULL);
}

CASES(CASE(nobody_asked), CASE(asked_whether_done), CASE(detached), CASE(result_read))
