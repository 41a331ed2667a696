/* In a loop on a thread of its own; and a coroutine that another thread asks for, whose duty its remote has. */
#include "loop_thread.h"

static int nobody_asks(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(work, NULL)); /* LEAK never-joined 1 in nobody_asked_there */
    return leash_sleep(2);
}

static int asks(void *unused)
{
    (void)unused;
    return leash_await(leash_create_task(leash_coro(work, NULL)), NULL);
}

static int nobody_asked_there(void)
{
    return on_a_thread(nobody_asks);
}

static int asked_there(void)
{
    return on_a_thread(asks);
}

CASES(PLAIN_CASE(nobody_asked_there), PLAIN_CASE(asked_there))
