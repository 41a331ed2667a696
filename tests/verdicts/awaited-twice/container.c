/* The same coroutine stands in two slots of an array that is awaited in turn. Twice in one gather is fine. */
#include "verdict.h"

static int two_slots(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL);
    leash_coro_t slots[] = {call, call};
    int refused = 0;
    for (int i = 0; i < 2; i++)
        refused += leash_await(slots[i], NULL) == -EINVAL; /* LEAK awaited-twice 1 in two_slots */
    return refused == 1 ? 0 : -EPROTO;
}

static int gathered_after(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL);
    int rc = leash_await(call, NULL);
    return rc < 0 || leash_gather(call) ? -EPROTO : 0; /* LEAK awaited-twice 1 in gathered_after */
}

static int twice_in_one_gather(void *unused)
{
    (void)unused;
    leash_coro_t call = leash_coro(work, NULL);
    return leash_gather_wait(NULL, call, call);
}

CASES(CASE(two_slots), CASE(gathered_after), CASE(twice_in_one_gather))
