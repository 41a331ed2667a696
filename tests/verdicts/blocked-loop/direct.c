/* OPTIONS blocked_ms=200 */
/* One step of a task takes longer than the limit: it sleeps, or computes. The finding names the task that did. */
#include "blocked-loop/block.h"

static int sleep_long(void *unused)
{
    (void)unused;
    block(400);
    return 0;
}

static int compute_long(void *unused)
{
    (void)unused;
    burn(400);
    return 0;
}

static int run_task(leash_fn_t body)
{
    return leash_await(leash_create_task(leash_coro(body, NULL)), NULL); /* LEAK blocked-loop 1 in sleeps, computes */
}

static int sleeps(void *unused)
{
    (void)unused;
    return run_task(sleep_long);
}

static int computes(void *unused)
{
    (void)unused;
    return run_task(compute_long);
}

static int on_a_pool_thread(void *unused)
{
    (void)unused;
    return leash_await(leash_to_thread(sleep_long, NULL), NULL);
}

static int sleeps_with_the_loop(void *unused)
{
    (void)unused;
    return run_task(work);
}

CASES(CASE(sleeps), CASE(computes), CASE(on_a_pool_thread), CASE(sleeps_with_the_loop))
