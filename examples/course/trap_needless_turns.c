/* 4.22 A trap: two things that do not need one another, one after the other. Gathered they take half the time. */
#include <leash.h>
#include <stdio.h>

static int task1(void *unused)
{
    (void)unused;
    return leash_sleep(1);
}

static int task2(void *seconds)
{
    return leash_sleep(*(const double *)seconds);
}

static int in_turn(double *seconds)
{
    double began = leash_time();
    int rc = leash_await(leash_coro(task1, NULL), NULL);
    if (rc < 0)
        return rc;
    rc = leash_await(leash_coro(task2, seconds), NULL); /* wrong: it could run meanwhile */
    if (rc < 0)
        return rc;
    printf("In turn: %.2f s\n", leash_time() - began);
    return 0;
}

static int gathered(double *seconds)
{
    double began = leash_time();
    int rc = leash_gather_wait(NULL, leash_coro(task1, NULL), leash_coro(task2, seconds));
    if (rc < 0)
        return rc;
    printf("Gathered: %.2f s\n", leash_time() - began);
    return 0;
}

static int app(void *unused)
{
    double seconds = 1;
    (void)unused;
    int rc = in_turn(&seconds);
    if (rc < 0)
        return rc;
    return gathered(&seconds);
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0;
}
