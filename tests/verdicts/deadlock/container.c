/* Philosophers in a ring of five forks, each with the left one in hand. If one of them begins on the right, all eat. */
#include "verdict.h"

enum { SEATS = 5 };
static leash_lock_t forks[SEATS];
static struct seat {
    leash_lock_t *first, *second;
} seats[SEATS];

static int dine(void *argument)
{
    struct seat *seat = argument;
    int rc = leash_lock_acquire(seat->first);
    if (rc < 0)
        return rc;
    rc = leash_sleep(1);
    if (rc == 0 && (rc = leash_lock_acquire(seat->second)) == 0)
        leash_lock_release(seat->second);
    leash_lock_release(seat->first);
    return rc;
}

static int dinner(void *one_begins_right)
{
    leash_awaitable_t tasks[SEATS];
    for (int i = 0; i < SEATS; i++) {
        leash_lock_init(&forks[i], "fork");
        seats[i] = (struct seat){&forks[i], &forks[(i + 1) % SEATS]};
    }
    if (one_begins_right)
        seats[0] = (struct seat){&forks[1], &forks[0]};
    for (int i = 0; i < SEATS; i++)
        tasks[i] = leash_create_task(leash_coro(dine, &seats[i])); /* LEAK deadlock 1 in all_left_handed */
    return leash_gather_wait_array(tasks, SEATS, 0, NULL);
}

static int all_left_handed(void)
{
    return leash_run(leash_coro(dinner, NULL)) != -EDEADLK;
}

static int one_right_handed(void)
{
    return leash_run(leash_coro(dinner, forks)) != 0;
}

CASES(PLAIN_CASE(all_left_handed), PLAIN_CASE(one_right_handed))
