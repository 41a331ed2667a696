/* Tasks that are seen to by other ways than an await: whoever takes a handle takes over the duty. */
#include "verdict.h"

static leash_task_t start(void)
{
    return leash_create_task(leash_coro(work, NULL));
}

static int to_a_gather(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, start(), start(), leash_coro(work, NULL));
}

static int to_a_gather_of_gathers(void *unused)
{
    (void)unused;
    leash_future_t left = leash_gather(start(), start()), right = leash_gather(start());
    return leash_gather_wait(NULL, left, right);
}

static int to_a_shield(void *unused)
{
    (void)unused;
    return leash_await(leash_shield(start()), NULL);
}

static int to_wait_for(void *unused)
{
    (void)unused;
    return leash_wait_for(start(), 10, NULL);
}

static int to_wait_and_result(void *unused)
{
    (void)unused;
    leash_awaitable_t tasks[] = {start(), start()};
    int rc = leash_wait(tasks, 2, LEASH_ALL_COMPLETED, -1, NULL);
    for (int i = 0; i < 2 && rc >= 0; i++)
        rc = leash_result(tasks[i], NULL);
    return rc;
}

static int to_as_completed(void *unused)
{
    (void)unused;
    leash_awaitable_t tasks[] = {start(), start(), start()};
    struct leash_as_completed *in_order = leash_as_completed(tasks, 3, -1);
    size_t index;
    int rc;
    while ((rc = leash_next_completed(in_order, &index, NULL)) == 0)
        ;
    leash_as_completed_free(in_order);
    return rc == -ENODATA ? 0 : rc;
}

static int to_a_group(void *unused)
{
    (void)unused;
    leash_group_t group = leash_group_begin();
    leash_task_t task = leash_group_create_task(group, leash_coro(work, NULL));
    int rc = leash_group_spawn(group, leash_coro(work, NULL));
    rc = leash_group_end(group, rc);
    return rc < 0 ? rc : leash_result(task, NULL);
}

static void look(void *handle, void *rc)
{
    *(int *)rc = leash_result(handle, NULL);
}

static int to_a_callback(void *unused)
{
    static int rc = -EPROTO;
    (void)unused;
    leash_add_done_callback(start(), look, &rc);
    leash_sleep(2);
    return rc;
}

CASES(CASE(to_a_gather), CASE(to_a_gather_of_gathers), CASE(to_a_shield), CASE(to_wait_for), CASE(to_wait_and_result),
      CASE(to_as_completed), CASE(to_a_group), CASE(to_a_callback))
