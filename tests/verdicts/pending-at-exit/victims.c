/* Who is pending only because it waits for a leaked task is a victim, and no finding: there is one cause. */
#include "verdict.h"

static leash_task_t root, middle, leaf;

static int a_second(void)
{
    keep(&root);
    keep(&middle);
    keep(&leaf);
    return leash_sleep(1);
}

static int waits(void *argument)
{
    leash_task_t *what = argument;
    return leash_await(*what, NULL);
}

static int chain(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in chain */
    middle = leash_create_task(leash_coro(waits, &root));
    leaf = leash_create_task(leash_coro(waits, &middle));
    return a_second();
}

static int two_causes(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(forever, NULL));   /* LEAK pending-at-exit 1 in two_causes */
    middle = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in two_causes */
    leaf = leash_create_task(leash_coro(waits, &middle));
    return a_second();
}

static int gathering(void *argument)
{
    (void)argument;
    return leash_gather_wait(NULL, root, middle);
}

static int behind_a_gather(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(work, NULL));
    middle = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in behind_a_gather */
    /* LIMIT nothing or pending-at-exit 1 in behind_a_gather - without a trace no wait is followed through a gather */
    leaf = leash_create_task(leash_coro(gathering, NULL));
    int rc = a_second();
    return rc < 0 ? rc : a_second();
}

static int all_end(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(work, NULL));
    middle = leash_create_task(leash_coro(waits, &root));
    leaf = leash_create_task(leash_coro(waits, &middle));
    return leash_await(leaf, NULL);
}

CASES(CASE(chain), CASE(two_causes), CASE(behind_a_gather), CASE(all_end))
