/* The handle is in a local of a function that has returned; its clean twin gives it to the caller. */
#include "verdict.h"

static void start_and_forget(void)
{
    leash_task_t task = leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in forgotten */
    leash_task_set_name(task, "background");
}

static leash_task_t start(void)
{
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    leash_task_set_name(task, "foreground");
    return task;
}

static int in_a_coroutine(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(forever, NULL)); /* LEAK unreferenced 1 in inline_body */
    leash_task_set_name(task, "background");
    return leash_sleep(1);
}

static int forgotten(void *unused)
{
    (void)unused;
    start_and_forget();
    return leash_sleep(1);
}

static int inline_body(void *unused)
{
    (void)unused;
    return leash_await(leash_coro(in_a_coroutine, NULL), NULL);
}

static int returned(void *unused)
{
    (void)unused;
    return leash_await(start(), NULL);
}

CASES(CASE(forgotten), CASE(inline_body), CASE(returned))
