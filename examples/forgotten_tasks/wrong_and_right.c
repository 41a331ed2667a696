/* 0.4 The wrong ways and the right way side by side. The bad cases return at once; the task that the second one leaves
 * behind finishes while main still runs, so its work is done, and nobody looks at it. */
#include <leash.h>
#include <stdio.h>

static double began;

static int work(void *unused)
{
    (void)unused;
    int rc = leash_sleep(1);
    if (rc < 0)
        return rc;
    printf("Work done! (at %.2f s)\n", leash_time() - began);
    return 0;
}

static int forget_to_await(void *unused)
{
    (void)unused;
    leash_coro(work, NULL); /* wrong: an object is made, nothing runs it */
    puts("Bad 1: I thought work had run...");
    return 0;
}

static int leave_a_task_behind(void *unused)
{
    (void)unused;
    leash_create_task(leash_coro(work, NULL)); /* wrong: it runs, and nobody waits for it */
    puts("Bad 2: the task is left behind...");
    return 0;
}

static int await_everything(void *unused)
{
    (void)unused;
    int rc = leash_await(leash_coro(work, NULL), NULL);
    if (rc < 0)
        return rc;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    rc = leash_await(task, NULL);
    if (rc < 0)
        return rc;
    puts("Good: every task is done!");
    return 0;
}

static int app(void *unused)
{
    static const struct {
        const char *title;
        leash_fn_t run;
    } cases[] = {
        {"Bad case 1", forget_to_await},
        {"Bad case 2", leave_a_task_behind},
        {"Good case", await_everything},
    };
    (void)unused;
    began = leash_time();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        printf("=== %s ===\n", cases[i].title);
        int rc = leash_await(leash_coro(cases[i].run, NULL), NULL);
        if (rc < 0)
            return rc;
    }
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
