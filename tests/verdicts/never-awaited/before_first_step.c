/* A coroutine that a task took is the task's, also when that is cancelled before its first step: no finding. One whose
 * owner drops it by hand still never ran. */
#include "verdict.h"

static int cancelled_early(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    leash_cancel(task, NULL);
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int owned_and_forgotten(void *unused)
{
    (void)unused;
    leash_coro_own(work, strdup("argument"), free); /* LEAK never-awaited 1 in owned_and_forgotten */
    return 0;
}

static int reference_dropped(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL); /* LEAK never-awaited 1 in reference_dropped */
    return leash_unref(call);
}

CASES(CASE(cancelled_early), CASE(owned_and_forgotten), CASE(reference_dropped))
