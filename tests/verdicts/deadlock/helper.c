/* A helper that takes the lock which its caller holds: the task waits for itself. */
#include "verdict.h"

static leash_lock_t account = LEASH_LOCK_INIT("account");

static int balance(void)
{
    int rc = leash_lock_acquire(&account);
    if (rc == 0)
        leash_lock_release(&account);
    return rc;
}

static int transfer(void *calls_inside)
{
    int rc = leash_lock_acquire(&account);
    if (rc == 0 && calls_inside)
        rc = balance();
    leash_lock_release(&account);
    return rc == 0 ? balance() : rc;
}

static int in_a_task(void *calls_inside)
{
    leash_task_t task = leash_create_task(leash_coro(transfer, calls_inside)); /* LEAK deadlock 1 in takes_it_again */
    return leash_await(task, NULL);
}

static int takes_it_again(void)
{
    return leash_run(leash_coro(in_a_task, &account)) != -EDEADLK;
}

static int takes_it_in_turn(void)
{
    return leash_run(leash_coro(in_a_task, NULL)) != 0;
}

CASES(PLAIN_CASE(takes_it_again), PLAIN_CASE(takes_it_in_turn))
