/* 1.4 The first trap: a task that nobody awaits does not get to say Hello before the program ends. */
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
    static struct line hello = {1, "Hello"}; /* the task outlives this frame */
    (void)unused;
    leash_create_task(leash_coro(say_after, &hello)); /* wrong: not awaited */
    puts("end of program");
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
