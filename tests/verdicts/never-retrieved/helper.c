/* A helper starts a task and reports that it has ended, not how: leash_failure only reads. */
#include "verdict.h"

static void note(void *handle, void *unused)
{
    (void)handle;
    (void)unused;
}

static leash_task_t start(void)
{
    leash_task_t task = leash_create_task(leash_coro(broken, NULL)); /* LEAK never-retrieved 1 in not_told, only_read */
    leash_add_done_callback(task, note, NULL);
    return task;
}

static int not_told(void *unused)
{
    (void)unused;
    start();
    return leash_sleep(1);
}

static int only_read(void *unused)
{
    struct leash_failure failure;
    (void)unused;
    leash_task_t task = start();
    leash_sleep(1);
    return leash_failure(task, &failure);
}

static void look(void *handle, void *rc)
{
    *(int *)rc = leash_result(handle, NULL);
}

static int callback_looks(void *unused)
{
    static int rc;
    (void)unused;
    leash_add_done_callback(start(), look, &rc);
    leash_sleep(1);
    return rc == -EIO ? 0 : -EPROTO;
}

CASES(CASE(not_told), CASE(only_read), CASE(callback_looks))
