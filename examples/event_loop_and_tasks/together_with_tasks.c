/* 1.6 The way out of the second trap, with tasks: both run at the same time, 1 s for both. */
#include <leash.h>
#include <stdio.h>

struct line {
    double delay; /* seconds */
    const char *text;
};

static int say_after(void *arg)
{
    const struct line *line = arg;
    int rc = leash_sleep(line->delay);
    if (rc < 0)
        return rc;
    puts(line->text);
    return 0;
}

static int app(void *unused)
{
    (void)unused;
    double began = leash_time();
    leash_task_t hello = leash_create_task(leash_coro(say_after, &(struct line){1, "Hello"}));
    leash_task_t world = leash_create_task(leash_coro(say_after, &(struct line){0.5, "World"}));
    int rc = leash_await(hello, NULL);
    if (rc < 0)
        return rc;
    rc = leash_await(world, NULL);
    if (rc < 0)
        return rc;
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
