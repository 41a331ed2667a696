/* A helper that sends in the background, and drops the handle by leash_unref: that settles nothing. */
#include "verdict.h"

static void send_in_background(void)
{
    leash_task_t task = leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in dropped */
    leash_unref(task);
}

static void send_on_purpose(void)
{
    leash_detach(leash_create_task(leash_coro(work, NULL)));
}

static int dropped(void *unused)
{
    (void)unused;
    send_in_background();
    return leash_sleep(2);
}

static int let_go_on_purpose(void *unused)
{
    (void)unused;
    send_on_purpose();
    return leash_sleep(2);
}

CASES(CASE(dropped), CASE(let_go_on_purpose))
