/* A program that gathers two sleeps and leaves nothing behind. */
#include <leash.h>

static int nap(void *argument)
{
    return leash_sleep(*(double *)argument);
}

static int app(void *argument)
{
    (void)argument;
    static double half = 0.5, whole = 1;
    return leash_gather_wait(NULL, leash_coro(nap, &whole), leash_coro(nap, &half));
}

int main(void)
{
    return leash_run(leash_coro(app, NULL)) < 0 ? 1 : 0;
}
