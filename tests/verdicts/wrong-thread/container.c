/* A thread goes through a table of futures and ends each: told once, with how often. */
#include "wrong-thread/guests.h"

enum { COUNT = 3 };
static leash_future_t promises[COUNT];

static int set_all(void *unused)
{
    int rc = 0;
    (void)unused;
    for (int i = 0; i < COUNT; i++)
        rc = leash_future_set_result(promises[i], NULL); /* LEAK wrong-thread 1 in set_there */
    return rc;
}

static void set_here(void *unused)
{
    set_all(unused);
}

static int ask(void *loop)
{
    return leash_call_soon_threadsafe(loop, set_here, NULL);
}

static void promise_all(void)
{
    for (int i = 0; i < COUNT; i++)
        promises[i] = leash_future();
}

static int set_there(void *unused)
{
    (void)unused;
    promise_all();
    return have_guest(set_all, NULL) == -EPERM ? 0 : -EPROTO;
}

static int set_by_the_loop(void *unused)
{
    (void)unused;
    promise_all();
    return have_guest(ask, leash_running_loop());
}

CASES(CASE(set_there), CASE(set_by_the_loop))
