/* A scan finds the task lost while it runs; it has ended before main does, so that nothing is pending: never joined. */
#include "verdict.h"

static leash_task_t held;

static int lost_then_done(void *unused)
{
    struct leash_scan_result scan;
    (void)unused;
    leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in lost_then_done */
    leash_sleep(0.5);
    leash_scan(&scan);
    return leash_sleep(1);
}

static int scanned_and_held(void *unused)
{
    struct leash_scan_result scan;
    (void)unused;
    held = leash_create_task(leash_coro(work, NULL));
    leash_sleep(0.5);
    leash_scan(&scan);
    return leash_await(held, NULL);
}

CASES(CASE(lost_then_done), CASE(scanned_and_held))
