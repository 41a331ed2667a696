/* Locks that another task releases than took them, or that are held when main returns and given back in the clean-up.
 */
#include "verdict.h"

static leash_lock_t baton = LEASH_LOCK_INIT("baton");
static leash_event_t handed_over = LEASH_EVENT_INIT("handed over");
static leash_event_t put_down = LEASH_EVENT_INIT("put down");

static int take_and_hand_over(void *unused)
{
    (void)unused;
    int rc = leash_lock_acquire(&baton);
    if (rc < 0)
        return rc;
    leash_event_set(&handed_over);
    return leash_event_wait(&put_down);
}

static int carry_on(void *unused)
{
    (void)unused;
    int rc = leash_event_wait(&handed_over);
    if (rc < 0 || (rc = leash_sleep(1)) < 0)
        return rc;
    rc = leash_lock_release(&baton);
    leash_event_set(&put_down);
    return rc;
}

static int passed_between_tasks(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(take_and_hand_over, NULL), leash_coro(carry_on, NULL));
}

static int release(void *lock)
{
    return leash_lock_release(lock);
}

static int hold_until_cancelled(void *unused)
{
    (void)unused;
    int rc = leash_lock_acquire(&baton);
    if (rc < 0 || (rc = leash_defer(release, &baton)) < 0)
        return rc;
    return leash_sleep(3600);
}

static int given_back_in_the_clean_up(void *unused)
{
    (void)unused;
    leash_task_daemon(leash_create_task(leash_coro(hold_until_cancelled, NULL)));
    return leash_sleep(1);
}

static int taken_again_and_again(void *unused)
{
    int rc = 0;
    (void)unused;
    for (int i = 0; i < 10 && rc == 0; i++) {
        rc = leash_lock_acquire(&baton);
        if (rc == 0)
            rc = leash_lock_release(&baton);
    }
    return rc;
}

static int never_got(void *unused)
{
    (void)unused;
    int rc = leash_lock_acquire(&baton);
    if (rc < 0)
        return rc;
    rc = leash_wait_for(leash_coro(hold_until_cancelled, NULL), 1, NULL);
    leash_lock_release(&baton);
    return rc == -ETIMEDOUT ? 0 : -EPROTO;
}

CASES(CASE(passed_between_tasks), CASE(given_back_in_the_clean_up), CASE(taken_again_and_again), CASE(never_got))
