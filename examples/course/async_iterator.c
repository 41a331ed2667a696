/* 4.9 An iterator that waits for its values: a struct and a function. What waits need not be a coroutine: a plain
 * function does it on the stack of the task that calls it. */
#include <leash.h>
#include <stdio.h>

struct counter {
    int next;
    int end;
};

/* 1: there is a number; 0: there are no more; negative: it failed. */
static int counter_next(struct counter *counter, int *number)
{
    if (counter->next >= counter->end)
        return 0;
    int rc = leash_sleep(0.5); /* as if it came from far away */
    if (rc < 0)
        return rc;
    *number = counter->next++;
    return 1;
}

static int app(void *unused)
{
    struct counter counter = {1, 5};
    int number, rc;
    (void)unused;
    while ((rc = counter_next(&counter, &number)) > 0)
        printf("Number: %d\n", number);
    return rc;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
