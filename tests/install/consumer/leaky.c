#include <leash.h>
static int never(void *arg)
{
    return arg ? 0 : -1;
}
static int app(void *arg)
{
    leash_coro(never, arg);
    return leash_sleep(0);
}
int main(void)
{
    return leash_run(leash_coro(app, NULL)) ? 1 : 0;
}
