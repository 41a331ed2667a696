/* What the program intends is said in the program: detached, daemon, closed. No finding. */
#include "verdict.h"

static int detached_by_a_helper(void *unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++)
        leash_detach(leash_create_task(leash_coro(work, NULL)));
    return leash_sleep(2);
}

static int daemon_that_never_ends(void *unused)
{
    (void)unused;
    leash_task_daemon(leash_create_task_named(leash_coro(forever, NULL), "heartbeat"));
    return leash_sleep(2);
}

static int daemon_that_ends(void *unused)
{
    (void)unused;
    leash_task_daemon(leash_create_task(leash_coro(work, NULL)));
    return leash_sleep(2);
}

static int closed_unstarted(void *unused)
{
    (void)unused;
    leash_coro_t perhaps = leash_coro(work, NULL);
    return leash_close(perhaps);
}

static int closed_with_its_argument(void *unused)
{
    (void)unused;
    return leash_close(leash_coro_own(work, strdup("argument"), free));
}

static int reference_given_back(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    leash_ref(task);
    int rc = leash_await(task, NULL);
    leash_unref(task);
    return rc;
}

CASES(CASE(detached_by_a_helper), CASE(daemon_that_never_ends), CASE(daemon_that_ends), CASE(closed_unstarted),
      CASE(closed_with_its_argument), CASE(reference_given_back))
