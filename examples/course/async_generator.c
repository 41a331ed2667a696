/* 4.9 The same as a generator, which is shorter: its body keeps its place between two values. */
#include <leash.h>
#include <stdio.h>

struct range {
    int begin;
    int end;
};

static int count(void *arg)
{
    const struct range *range = arg;
    for (int i = range->begin; i < range->end; i++) {
        int rc = leash_sleep(0.3);
        if (rc < 0)
            return rc;
        rc = leash_yield(&i); /* goes on when the next value is asked for */
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int app(void *unused)
{
    struct range range = {10, 15};
    const int *number;
    (void)unused;
    leash_generator_t numbers = leash_generator(count, &range);
    leash_for_each (numbers, number)
        printf("Number: %d\n", *number);
    return leash_generator_close(numbers); /* says how it went */
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
