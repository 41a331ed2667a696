/* Each wait hides in a plain function that awaits a coroutine for its caller. */
#include "verdict.h"

static int fetch(void *host)
{
    return strlen(host) > 0 ? leash_sleep(1) : -EINVAL;
}

static int get(char *host)
{
    return leash_await(leash_coro(fetch, host), NULL); /* LEAK serial-awaits 1 in one_host_after_another */
}

static char left[] = "left", right[] = "right";

static int one_host_after_another(void *unused)
{
    (void)unused;
    int rc = get(left);
    return rc < 0 ? rc : get(right);
}

static int both_hosts(void *unused)
{
    (void)unused;
    return leash_gather_wait(NULL, leash_coro(fetch, left), leash_coro(fetch, right));
}

CASES(CASE(one_host_after_another), CASE(both_hosts))
