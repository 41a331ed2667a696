/* What refuses a coroutine leaves it unused: no loop runs, a group is aborting, a gather has a member that is none. */
#include "verdict.h"

static int no_loop(void)
{
    leash_task_t task = leash_create_task(leash_coro(work, NULL)); /* LEAK never-awaited 1 in no_loop */
    return task != NULL;
}

static int group_aborts(void *unused)
{
    (void)unused;
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(broken, NULL));
    if (rc == 0 && leash_sleep(1) == -ECANCELED)
        rc = leash_group_spawn(group, leash_coro(work, NULL)); /* LEAK never-awaited 1 in group_aborts */
    return leash_group_end(group, rc) == -EIO ? 0 : -EPROTO;
}

static int loop_comes_later(void)
{
    leash_coro_t made_early = leash_coro(work, NULL);
    return leash_run(made_early);
}

CASES(PLAIN_CASE(no_loop), CASE(group_aborts), PLAIN_CASE(loop_comes_later))
