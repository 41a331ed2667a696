/* 1.3 gather gives its results in the order of the call. A positive return is success: here it is the answer itself. */
#include <leash.h>
#include <stdio.h>

static int compute(void *arg)
{
    int x = *(const int *)arg;
    int rc = leash_sleep(x); /* as if it took x seconds to compute */
    if (rc < 0)
        return rc;
    return x * x;
}

static int app(void *unused)
{
    (void)unused;
    struct leash_outcome squares[3];
    int rc = leash_gather_wait(squares, leash_coro(compute, &(int){1}), leash_coro(compute, &(int){2}),
                               leash_coro(compute, &(int){3}));
    if (rc < 0)
        return rc;
    printf("results: [%d, %d, %d]\n", squares[0].rc, squares[1].rc, squares[2].rc);
    return 0;
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
