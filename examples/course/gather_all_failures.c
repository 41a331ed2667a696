/* 4.5 gather with failures returned: it waits for all, and each failure stands in its place among the outcomes. */
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
    struct step steps[] = {{"first", 0.5, true}, {"second", 1, false}, {"third", 1.5, true}};
    enum { COUNT = sizeof(steps) / sizeof(steps[0]) };
    (void)unused;
    double began = leash_time();
    leash_awaitable_t tasks[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        tasks[i] = leash_create_task(leash_coro(run_step, &steps[i]));

    struct leash_outcome outcomes[COUNT];
    int rc = leash_gather_wait_array(tasks, COUNT, LEASH_RETURN_FAILURES, outcomes);
    if (rc < 0)
        return rc;
    printf("gather ended at %.2f s:\n", leash_time() - began);
    for (size_t i = 0; i < COUNT; i++) {
        struct leash_failure failure;
        if (outcomes[i].rc < 0 && leash_failure(tasks[i], &failure) == 0)
            printf("- %s failed: %s\n", steps[i].name, failure.message);
        else
            printf("- %s is well\n", steps[i].name);
    }
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
