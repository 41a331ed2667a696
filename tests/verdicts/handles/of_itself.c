/* Who is held only by its own frame, or by those of others that nobody holds, is lost all the same. */
#include "verdict.h"

static int knows_itself(void *unused)
{
    (void)unused;
    leash_task_t self = leash_current_task();
    keep(&self);
    int rc = leash_sleep(3600);
    keep(&self);
    return rc;
}

static leash_task_t handed_over[2];

static int knows_the_other(void *which)
{
    size_t mine = (size_t)which;
    leash_sleep(0.1);
    leash_task_t other = handed_over[1 - mine];
    keep(&other);
    int rc = leash_sleep(3600);
    keep(&other);
    return rc;
}

static int own_frame(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(knows_itself, NULL)); /* LEAK unreferenced 1 in own_frame */
    return leash_sleep(1);
}

static int each_others_frames(void *unused)
{
    (void)unused;
    for (size_t i = 0; i < 2; i++)
        handed_over[i] = leash_create_task(leash_coro(knows_the_other, (void *)i)); /* LEAK unreferenced 2
            in each_others_frames */
    leash_sleep(1);
    handed_over[0] = handed_over[1] = NULL;
    keep(handed_over);
    return 0;
}

static int awaited(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(knows_itself, NULL));
    leash_sleep(1);
    leash_cancel(task, NULL);
    return leash_await(task, NULL) == -ECANCELED ? 0 : -EPROTO;
}

CASES(CASE(own_frame), CASE(each_others_frames), CASE(awaited))
