/* 4.5 gather ends with the first failure, at once. It does not cancel the others: they run on, and here they are waited
 * for. */
#include <leash.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

struct step {
    const char *name;
    double seconds;
    bool fails;
};

static int run_step(void *arg)
{
    const struct step *step = arg;
    int rc = leash_sleep(step->seconds);
    if (rc < 0)
        return rc;
    if (step->fails)
        return leash_fail(-EIO, "%s broke", step->name);
    printf("%s is done\n", step->name);
    return 0;
}

static int app(void *unused)
{
    static struct step steps[] = {{"quick", 0.5, false}, {"bad", 1, true}, {"slow", 1.5, false}};
    enum { COUNT = sizeof(steps) / sizeof(steps[0]), SLOW = 2 };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(run_step, &steps[i]));

    leash_future_t all = leash_gather_array(tasks, COUNT, 0);
    int rc = leash_await(all, NULL);
    struct leash_failure failure;
    if (rc >= 0 || leash_failure(all, &failure) < 0)
        return rc;
    printf("gather failed at %.2f s: %s\n", leash_time() - began, failure.message);
    printf("the slow one is %s\n", leash_done(tasks[SLOW]) ? "done" : "not done, and runs on");
    rc = leash_await(tasks[SLOW], NULL);
    if (rc < 0)
        return rc;
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
