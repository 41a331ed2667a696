/* 4.7 To cancel a task is to ask for it; it has ended when it was awaited. */
#include <leash.h>
#include <errno.h>
#include <stdio.h>

static int long_work(void *unused)
{
    (void)unused;
    return leash_sleep(2); /* a cancellation ends the wait: -ECANCELED */
}

static void print_state(leash_task_t task)
{
    printf("done: %d, cancelled: %d\n", leash_done(task), leash_cancelled(task));
}

static int app(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(long_work, NULL));
    print_state(task);
    int rc = leash_sleep(0.5); /* it begins, and waits */
    if (rc < 0)
        return rc;
    leash_cancel(task, "no longer needed");
    print_state(task); /* nothing has changed yet */
    rc = leash_await(task, NULL);
    if (rc != -ECANCELED)
        return rc;
    printf("The task was cancelled: %s\n", leash_cancel_message(task));
    print_state(task);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
