/* OPTIONS blocked_ms=200 */
/* The blocking call is deep in a library: the stack while it blocked tells where. */
#include "blocked-loop/block.h"

static __attribute__((noinline)) void read_from_the_network(int milliseconds)
{
    block(milliseconds);
}

static __attribute__((noinline)) void library_call(int milliseconds)
{
    read_from_the_network(milliseconds);
    keep(&milliseconds);
}

static int use_the_library(void *milliseconds)
{
    library_call(*(int *)milliseconds);
    return leash_sleep(1);
}

static int call_for(int milliseconds)
{
    leash_coro_t call = leash_coro_copy(use_the_library, &milliseconds, sizeof(milliseconds));
    return leash_await(leash_create_task(call), NULL); /* LEAK blocked-loop 1 in slow_library */
}

static int slow_library(void *unused)
{
    (void)unused;
    return call_for(400);
}

static int quick_library(void *unused)
{
    (void)unused;
    return call_for(1);
}

CASES(CASE(slow_library), CASE(quick_library))
