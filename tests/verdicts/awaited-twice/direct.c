/* A coroutine is used up by what takes it first: the second use is refused. Tasks and futures can be awaited often. */
#include "verdict.h"

static int awaited_again(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL);
    int rc = leash_await(call, NULL);
    return rc < 0 || leash_await(call, NULL) != -EINVAL ? -EPROTO : 0; /* LEAK awaited-twice 1 in awaited_again */
}

static int task_of_a_used_one(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL);
    int rc = leash_await(call, NULL);
    return rc < 0 || leash_create_task(call) ? -EPROTO : 0; /* LEAK awaited-twice 1 in task_of_a_used_one */
}

static int task_often(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    leash_ref(task);
    int rc = leash_await(task, NULL);
    return rc < 0 ? rc : leash_await(task, NULL);
}

CASES(CASE(awaited_again), CASE(task_of_a_used_one), CASE(task_often))
