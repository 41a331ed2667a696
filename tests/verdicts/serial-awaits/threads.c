/* In a loop on a thread of its own; two of several tasks do it, once each. */
#include "loop_thread.h"

static double one = 1, two = 2;

static int take(void *seconds)
{
    return leash_sleep(*(double *)seconds);
}

static int in_turn(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(take, &one), NULL); /* LEAK serial-awaits 2 in two_tasks_there */
    return rc < 0 ? rc : leash_await(leash_coro(take, &two), NULL);
}

static int at_once(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(take, &one), leash_coro(take, &two));
}

static int two_in_turn(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(in_turn, NULL), leash_coro(in_turn, NULL));
}

static int two_tasks_there(void)
{
    return on_a_thread(two_in_turn);
}

static int at_once_there(void)
{
    return on_a_thread(at_once);
}

CASES(PLAIN_CASE(two_tasks_there), PLAIN_CASE(at_once_there))
