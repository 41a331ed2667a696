/* A task is made, and its handle is thrown away: whatever it waits for, nobody can ever learn of its end. */
#include "verdict.h"

static int lost(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in lost */
    return leash_sleep(1);
}

static int never_began(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in never_began */
    return 0;
}

static int five_in_one_variable(void *unused)
{
    (void)unused;
    leash_task_t last = NULL;
    for (int i = 0; i < 5; i++)
        last = leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 5 in five_in_one_variable */
    return last ? 0 : -ENOMEM;
}

static int kept(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    return leash_await(task, NULL);
}

CASES(CASE(lost), CASE(never_began), CASE(five_in_one_variable), CASE(kept))
