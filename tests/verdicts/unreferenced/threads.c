/* A loop on a thread of its own loses a task; another one's handle is kept by the thread that started it. */
#include "loop_thread.h"

static leash_task_t shared;

static int loses(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in lost_there */
    return leash_sleep(1);
}

static int hands_over(void *unused)
{
    (void)unused;
    shared = leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in kept_here */
    keep(&shared);
    return leash_sleep(1);
}

static int awaits(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(work, NULL)), NULL);
}

static int lost_there(void)
{
    return on_a_thread(loses);
}

static int kept_here(void)
{
    return on_a_thread(hands_over);
}

static int awaited_there(void)
{
    return on_a_thread(awaits);
}

CASES(PLAIN_CASE(lost_there), PLAIN_CASE(kept_here), PLAIN_CASE(awaited_there))
