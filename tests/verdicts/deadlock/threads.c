/* In a loop on a thread of its own: two tasks await each other. */
#include "loop_thread.h"

static leash_task_t left, right;

static int await_left(void *unused)
{
    (void)unused;
    return leash_await(left, NULL);
}

static int await_right(void *unused)
{
    (void)unused;
    return leash_await(right, NULL);
}

static int each_other(void *unused)
{
    (void)unused;
    left = leash_create_task(leash_coro(await_right, NULL)); /* LEAK deadlock 1 in each_other_there */
    right = leash_create_task(leash_coro(await_left, NULL));
    return leash_sleep(1);
}

static int one_the_other(void *unused)
{
    (void)unused;
    left = leash_create_task(leash_coro(work, NULL));
    right = leash_create_task(leash_coro(await_left, NULL));
    return leash_await(right, NULL);
}

static int each_other_there(void)
{
    return on_a_thread(each_other);
}

static int one_the_other_there(void)
{
    return on_a_thread(one_the_other);
}

CASES(PLAIN_CASE(each_other_there), PLAIN_CASE(one_the_other_there))
