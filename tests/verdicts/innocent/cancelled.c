/* Tasks that were asked to end, and have. */
#include "verdict.h"

static int awaited(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(forever, NULL));
    leash_sleep(1);
    leash_cancel(task, "enough");
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int before_the_first_step(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(forever, NULL));
    leash_cancel(task, "not at all");
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int with_its_gather(void *unused)
{
    (void)unused;
    leash_future_t both = leash_gather(leash_coro(forever, NULL), leash_coro(forever, NULL));
    leash_sleep(1);
    leash_cancel(both, NULL);
    return leash_await(both, NULL) == -ECANCELED ? 0 : -EPROTO;
}

static int by_a_timeout_scope(void *unused)
{
    (void)unused;
    leash_timeout_t scope = leash_timeout_begin(1);
    int rc = leash_await(leash_create_task(leash_coro(forever, NULL)), NULL);
    return leash_timeout_end(scope, rc) == -ETIMEDOUT ? 0 : -EPROTO;
}

static int by_its_group(void *unused)
{
    (void)unused;
    leash_group_t group = leash_group_begin();
    int rc = leash_group_spawn(group, leash_coro(forever, NULL));
    if (rc == 0)
        rc = leash_group_spawn(group, leash_coro(broken, NULL));
    return leash_group_end(group, rc) == -EIO ? 0 : -EPROTO;
}

static int with_who_waits_for_it(void *task)
{
    return leash_await(*(leash_task_t *)task, NULL);
}

static int along_a_chain(void *unused)
{
    (void)unused;
    leash_task_t inner = leash_create_task(leash_coro(forever, NULL));
    leash_task_t outer = leash_create_task(leash_coro(with_who_waits_for_it, &inner));
    leash_sleep(1);
    leash_cancel(outer, NULL);
    return leash_await(outer, NULL) == -ECANCELED && leash_done(inner) == 1 ? 0 : -EPROTO;
}

CASES(CASE(awaited), CASE(before_the_first_step), CASE(with_its_gather), CASE(by_a_timeout_scope), CASE(by_its_group),
      CASE(along_a_chain))
