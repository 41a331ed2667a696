/* 1.1 Two tasks beside each other: the one with the shorter delay speaks first, though it is awaited last. */
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
    leash_task_t hello = leash_create_task(leash_coro(say_after, &(struct line){1, "Hello"}));
    leash_task_t world = leash_create_task(leash_coro(say_after, &(struct line){0.5, "World"}));

    puts("waiting for the tasks...");
    int rc = leash_await(hello, NULL); /* the loop runs the other task meanwhile */
    if (rc < 0)
        return rc;
    return leash_await(world, NULL);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
