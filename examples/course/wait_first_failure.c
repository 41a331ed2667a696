/* 4.5 leash_wait until the first failure: it returns as soon as one fails, without failing itself. The failure stays
 * with its task, and the others run on. */
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
    struct step steps[] = {{"quick", 0.5, false}, {"bad", 1, true}, {"slow", 1.5, false}};
    enum { COUNT = sizeof(steps) / sizeof(steps[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(run_step, &steps[i]));

    int finished = leash_wait(tasks, COUNT, LEASH_FIRST_FAILURE, -1, NULL);
    if (finished < 0)
        return finished;
    printf("Done: %d, pending: %d, after %.2f s\n", finished, COUNT - finished, leash_time() - began);
    for (size_t i = 0; i < COUNT; i++) {
        int rc = leash_await(tasks[i], NULL);
        struct leash_failure failure;
        if (rc < 0 && leash_failure(tasks[i], &failure) == 0)
            printf("- %s failed: %s\n", steps[i].name, failure.message);
        else
            printf("- %s is well\n", steps[i].name);
    }
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
