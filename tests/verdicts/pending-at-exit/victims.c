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
    leaf = leash_create_task(leash_coro(gathering, NULL));
    int rc = a_second();
    return rc < 0 ? rc : a_second();
}

static int waiting_long(void *argument)
{
    leash_awaitable_t items[] = {root, middle};
    (void)argument;
    return leash_wait(items, 2, LEASH_ALL_COMPLETED, -1, NULL);
}

static int behind_a_wait(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in behind_a_wait */
    middle = leash_create_task(leash_coro(waits, &root));
    leaf = leash_create_task(leash_coro(waiting_long, NULL));
    return a_second();
}

static int grouping(void *argument)
{
    (void)argument;
    leash_group_t group = leash_group_begin();
    leash_group_spawn(group, leash_coro(work, NULL));
    leash_group_spawn(group, leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in behind_a_group */
    return leash_group_end(group, 0);
}

static int behind_a_group(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(grouping, NULL));
    middle = leash_create_task(leash_coro(gathering, NULL));
    leaf = leash_create_task(leash_coro(waits, &root));
    int rc = a_second();
    return rc < 0 ? rc : a_second();
}

static int with_a_limit(void *argument)
{
    leash_task_t *what = argument;
    return leash_wait_for(*what, 1000, NULL);
}

/* A daemon may be pending: whom it waits for may not, and who waits for it is a victim all the same. */
static int behind_a_daemon(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in behind_a_daemon */
    middle = leash_create_task(leash_coro(with_a_limit, &root));
    leash_task_daemon(middle);
    leaf = leash_create_task(leash_coro(waits, &middle));
    return a_second();
}

/* They would come out of it by the limit: a circle, and no deadlock. The first is the cause. */
static int in_a_circle(void *unused)
{
    (void)unused;
    leaf = leash_create_task(leash_coro(waits, &middle)); /* LEAK pending-at-exit 1 in in_a_circle */
    middle = leash_create_task(leash_coro(with_a_limit, &root));
    root = leash_create_task(leash_coro(waits, &leaf));
    return a_second();
}

static int all_end(void *unused)
{
    (void)unused;
    root = leash_create_task(leash_coro(work, NULL));
    middle = leash_create_task(leash_coro(waits, &root));
    leaf = leash_create_task(leash_coro(waits, &middle));
    return leash_await(leaf, NULL);
}

CASES(CASE(chain), CASE(two_causes), CASE(behind_a_gather), CASE(behind_a_wait), CASE(behind_a_group),
      CASE(behind_a_daemon), CASE(in_a_circle), CASE(all_end))
