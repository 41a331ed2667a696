#include <leash.h>
static int app(void *arg)
{
    return leash_sleep(0) < 0 || arg ? -1 : 0;
}
int main(void)
{
    return leash_run(leash_coro(app, NULL)) ? 1 : 0;
}
