/* 4.5 Who only awaits a gather learns of one failure. The second, half a second later, reaches nobody. */
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
    static struct step steps[] = {{"first", 0.5, true}, {"second", 1, true}, {"third", 1.5, false}};
    (void)unused;
    double began = leash_time();
    leash_future_t all =
        leash_gather(leash_coro(run_step, &steps[0]), leash_coro(run_step, &steps[1]), leash_coro(run_step, &steps[2]));
    int rc = leash_await(all, NULL);
    struct leash_failure failure;
    if (rc >= 0 || leash_failure(all, &failure) < 0)
        return rc;
    printf("gather failed at %.2f s: %s\n", leash_time() - began, failure.message);
    rc = leash_sleep(1.5); /* the others end meanwhile */
    if (rc < 0)
        return rc;
    puts("nobody heard of the second failure");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
