/* Futures that are resolved late, by callbacks, by nobody's await: a future that did not fail needs no look. */
#include "verdict.h"

static leash_future_t promise;

static void resolve(void *unused)
{
    (void)unused;
    leash_future_set_result(promise, NULL);
}

static int resolved_late(void *unused)
{
    (void)unused;
    promise = leash_future();
    leash_call_later(1000, resolve, NULL);
    return leash_await(promise, NULL);
}

static int resolved_for_nobody(void *unused)
{
    (void)unused;
    promise = leash_future();
    return leash_future_set_result(promise, NULL);
}

static int never_resolved(void *unused)
{
    (void)unused;
    promise = leash_future();
    return leash_sleep(1);
}

static int cancelled(void *unused)
{
    (void)unused;
    promise = leash_future();
    return leash_cancel(promise, NULL) == 1 ? 0 : -EPROTO;
}

static int failed_and_awaited(void *unused)
{
    (void)unused;
    promise = leash_future();
    leash_future_set_failure(promise, -EIO, "the disk is gone");
    return leash_await(promise, NULL) == -EIO ? 0 : -EPROTO;
}

static int awaited_by_many(void *unused)
{
    (void)unused;
    promise = leash_future();
    leash_ref(promise);
    leash_call_later(1, resolve, NULL);
    return leash_gather_wait(NULL, leash_shield(promise), promise);
}

CASES(CASE(resolved_late), CASE(resolved_for_nobody), CASE(never_resolved), CASE(cancelled), CASE(failed_and_awaited),
      CASE(awaited_by_many))
