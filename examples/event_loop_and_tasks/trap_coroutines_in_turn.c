/* 1.5 The second trap: coroutines awaited directly run one after the other, 1.5 s where 1 s would do. */
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
    int rc = leash_await(leash_coro(say_after, &(struct line){1, "Hello"}), NULL); /* nothing else runs meanwhile */
    if (rc < 0)
        return rc;
    rc = leash_await(leash_coro(say_after, &(struct line){0.5, "World"}), NULL);
    if (rc < 0)
        return rc;
    printf("%.2f s in total\n", leash_time() - began);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
