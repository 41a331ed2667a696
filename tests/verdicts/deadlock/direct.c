/* Two tasks take two locks in opposite order, and a main that waits for a future that nobody can set
 * (5.2). A run that comes to a standstill ends with -EDEADLK. */
#include "verdict.h"

static leash_lock_t left = LEASH_LOCK_INIT("left"), right = LEASH_LOCK_INIT("right");

struct order {
    leash_lock_t *first, *second;
};

static int take_both(void *argument)
{
    struct order *order = argument;
    int rc = leash_lock_acquire(order->first);
    if (rc < 0)
        return rc;
    rc = leash_sleep(1);
    if (rc == 0 && (rc = leash_lock_acquire(order->second)) == 0)
        leash_lock_release(order->second);
    leash_lock_release(order->first);
    return rc;
}

static int take_in(void *argument)
{
    struct order *orders = argument;
    leash_task_t first = leash_create_task(leash_coro(take_both, &orders[0])); /* LEAK deadlock 1 in opposite_order */
    leash_task_t second = leash_create_task(leash_coro(take_both, &orders[1]));
    return leash_gather_wait(NULL, first, second);
}

static int opposite_order(void)
{
    static struct order orders[] = {{&left, &right}, {&right, &left}};
    return leash_run(leash_coro(take_in, orders)) != -EDEADLK;
}

static int same_order(void)
{
    static struct order orders[] = {{&left, &right}, {&left, &right}};
    return leash_run(leash_coro(take_in, orders)) != 0;
}

static int wait_for_nobody(void *unused)
{
    (void)unused;
    return leash_await(leash_future(), NULL);
}

static int nobody_sets_it(void)
{
    return leash_run(leash_coro(wait_for_nobody, NULL)) != -EDEADLK; /* LEAK deadlock 1 in nobody_sets_it */
}

static void set(void *future)
{
    leash_future_set_result(future, NULL);
}

static int wait_for_a_timer(void *unused)
{
    (void)unused;
    leash_future_t promise = leash_future();
    leash_call_later(1, set, promise);
    return leash_await(promise, NULL);
}

static int timer_sets_it(void)
{
    return leash_run(leash_coro(wait_for_a_timer, NULL)) != 0;
}

CASES(PLAIN_CASE(opposite_order), PLAIN_CASE(same_order), PLAIN_CASE(nobody_sets_it), PLAIN_CASE(timer_sets_it))
