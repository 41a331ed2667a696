/* Calls of every kind, in any order, on handles of any age, from tasks, callbacks and functions that drop. Nothing is
 * expected of their answers: that nothing breaks is seen by the sanitizers, Valgrind, and the checks below.
 * LEASH_STORM_SEED=n runs the one storm of that seed. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <list.h>
#include <random.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

enum { HANDLES = 48, ITERATIONS = 4, OPS_A_BODY = 12, CREATED_MOST = 400 };

struct storm {
    uint64_t random;
    void *handles[HANDLES]; /* of any kind and age */
    struct leash_as_completed *iterations[ITERATIONS];
    bool reading[ITERATIONS];
    int created;            /* of things that run, in this run */
    struct leash__node all; /* of struct owned */
};

static struct storm storm;

static uint64_t below(uint64_t bound)
{
    return leash__random_below(&storm.random, bound);
}

static void **any(void)
{
    return &storm.handles[below(HANDLES)];
}

static void keep(void *handle)
{
    if (handle)
        *any() = handle;
}

static void act(bool may_wait);

/* ---- what is called ---- */

/* An argument or a result that is to be dropped. */
struct owned {
    struct leash__node node;
    enum owned_state { ARGUMENT, RUNNING, RESULT } state;
    leash_coro_t coro; /* of an argument */
};

static struct owned *own(enum owned_state state)
{
    struct owned *owned = calloc(1, sizeof *owned);
    owned->state = state;
    leash__list_append(&storm.all, &owned->node);
    return owned;
}

static void drop(void *arg)
{
    struct owned *owned = arg;
    leash__list_remove(&owned->node);
    free(owned);
    if (below(3) == 0)
        act(true); /* whatever waits is refused */
}

static int body(void *arg)
{
    struct owned *argument = arg;
    int rc = 0;
    if (argument)
        argument->state = RUNNING;
    for (uint64_t i = below(OPS_A_BODY); i > 0; i--)
        act(true);
    switch (below(6)) {
    case 0:
        rc = leash_return_own(own(RESULT), drop);
        break;
    case 1:
        rc = leash_return_copy("result", 7);
        break;
    case 2:
        rc = leash_fail(-EIO, "number %d", storm.created);
        break;
    case 3:
        rc = leash_sleep((double)below(4));
        break;
    case 4:
        rc = -ECANCELED;
        break;
    default:
        break;
    }
    if (argument) /* a body that runs owns it */
        drop(argument);
    return rc;
}

static int plain(void *arg)
{
    (void)arg;
    return body(NULL);
}

static leash_coro_t owning_coro(void)
{
    struct owned *owned = own(ARGUMENT);
    owned->coro = leash_coro_own(body, owned, drop);
    keep(owned->coro);
    return owned->coro;
}

static leash_coro_t coro(void)
{
    leash_coro_t made;
    if (storm.created++ > CREATED_MOST)
        return NULL;
    if (below(3) == 0)
        return owning_coro();
    if (below(2) == 0)
        made = leash_coro_copy(plain, "argument", 9);
    else
        made = leash_coro(plain, NULL);
    keep(made);
    return made;
}

static void call(void *arg)
{
    (void)arg;
    act(false);
}

static void done(void *handle, void *arg)
{
    (void)arg;
    if (below(2) == 0)
        leash_result(handle, NULL);
    if (below(4) == 0)
        leash_unref(handle);
    act(false);
}

/* ---- acts ---- */

static int cleans_up(void *arg)
{
    (void)arg;
    for (uint64_t i = below(4); i > 0; i--)
        act(true);
    return below(4) ? 0 : -EBADF;
}

static void make(void)
{
    leash_awaitable_t items[] = {*any(), *any(), *any()};
    switch (below(11)) {
    case 0:
    case 1:
    case 2:
        keep(leash_create_task(coro()));
        break;
    case 3:
        keep(leash_future());
        break;
    case 4:
        keep(leash_gather_array(items, below(4), below(2) ? LEASH_RETURN_FAILURES : 0));
        break;
    case 5:
        keep(leash_shield(*any()));
        break;
    case 6:
        keep(leash_call_soon(call, NULL));
        break;
    case 7:
        keep(leash_call_later((double)below(5), call, NULL));
        break;
    case 8:
        keep(leash_current_task());
        break;
    case 9:
        keep(leash_create_task_eager(coro()));
        break;
    default:
        coro();
    }
}

static void settle(void)
{
    struct leash_failure failure;
    void *result;
    switch (below(18)) {
    case 0:
        leash_ref(*any());
        break;
    case 1:
        leash_unref(*any());
        break;
    case 2:
        leash_detach(*any());
        break;
    case 3:
        leash_task_daemon(*any());
        break;
    case 4:
        leash_close(*any());
        break;
    case 5:
        leash_result(*any(), &result);
        break;
    case 6:
        leash_failure(*any(), &failure);
        break;
    case 7:
        leash_future_set_result(*any(), NULL);
        break;
    case 8:
        leash_future_set_failure(*any(), -EPIPE, "set");
        break;
    case 9:
        leash_add_done_callback(*any(), done, NULL);
        break;
    case 10:
        leash_remove_done_callback(*any(), done, NULL);
        break;
    case 11:
        leash_callback_cancel(*any());
        break;
    case 12:
        leash_timeout_reschedule(*any(), (double)below(4) - 1);
        break;
    case 13:
        leash_timeout_end(*any(), 0);
        break;
    case 14:
        leash_uncancel(*any());
        break;
    case 15:
        if (leash_defer(cleans_up, NULL) < 0)
            call(NULL);
        break;
    case 16:
        leash_undefer(cleans_up, NULL);
        break;
    default:
        leash_cancel(*any(), below(2) ? "storm" : NULL);
    }
}

static void iterate(void)
{
    uint64_t i = below(ITERATIONS);
    leash_awaitable_t items[] = {*any(), *any()};
    if (!storm.iterations[i]) {
        storm.iterations[i] = leash_as_completed(items, 2, (double)below(4) - 1);
        storm.reading[i] = false;
    } else if (below(3) == 0) {
        struct leash_as_completed *it = storm.iterations[i];
        storm.iterations[i] = NULL;
        leash_as_completed_free(it);
    } else if (!storm.reading[i]) {
        struct leash_as_completed *it = storm.iterations[i];
        storm.reading[i] = true;
        leash_next_completed(it, NULL, NULL);
        if (storm.iterations[i] == it)
            storm.reading[i] = false;
    }
}

static void await_something(void)
{
    leash_awaitable_t items[] = {*any(), *any(), *any()};
    struct leash_outcome outcomes[3];
    unsigned char done_items[3];
    void *result;
    switch (below(8)) {
    case 0:
        leash_sleep((double)below(3));
        break;
    case 1:
        leash_await(*any(), &result);
        break;
    case 2:
        leash_await(coro(), &result);
        break;
    case 3:
        leash_wait(items, 1 + below(3), (enum leash_when)below(3), (double)below(5) - 1, done_items);
        break;
    case 4:
        leash_wait_for(*any(), (double)below(4) - 1, &result);
        break;
    case 5:
        leash_gather_wait_array(items, below(4), (unsigned)below(2), outcomes);
        break;
    case 6:
        leash_wait_for(coro(), (double)below(4), &result);
        break;
    default: {
        leash_timeout_t scope = leash_timeout_begin((double)below(4) - 1);
        keep(scope);
        act(true);
        if (below(4))
            leash_timeout_end(scope, 0);
    }
    }
}

static void act(bool may_wait)
{
    uint64_t kind = below(8);
    if (kind < 3)
        make();
    else if (kind < 6)
        settle();
    else if (kind == 6)
        iterate();
    else
        (may_wait ? await_something : settle)();
}

/* ---- runs ---- */

static int begin(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++)
        keep(leash_create_task(coro()));
    leash_sleep(1 + (double)below(5));
    return plain(NULL);
}

static void blow(uint64_t seed, bool shuffled)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.cleanup_timeout = 0.2;
    options.seed = shuffled ? seed : 0;
    storm.random = seed;
    storm.created = 0;
    run_options(begin, NULL, &options);
    for (int i = 0; i < ITERATIONS; i++) { /* of a loop that has ended */
        leash_as_completed_free(storm.iterations[i]);
        storm.iterations[i] = NULL;
    }
}

/* What is owned after a run: by bodies that were given up, and by coroutines that were made too late to meet the loop.
 * Returns how many others there are. */
static int left(void)
{
    int lost = 0;
    struct leash__node *node;
    while ((node = storm.all.next) != &storm.all) {
        struct owned *owned = LEASH__CONTAINER(node, struct owned, node);
        if (owned->state == ARGUMENT && leash_close(owned->coro) == 0)
            continue;
        lost += owned->state != RUNNING;
        leash__list_remove(node);
        free(owned);
    }
    return lost;
}

static void test_nothing_breaks(void **state)
{
    const char *wanted = getenv("LEASH_STORM_SEED");
    leash__list_init(&storm.all);
    uint64_t first = wanted ? strtoull(wanted, NULL, 0) : 1, last = wanted ? first : 200;
    (void)state;
    for (uint64_t seed = first; seed <= last; seed++) {
        blow(seed, seed % 4 == 3);
        if (left())
            fail_msg("LEASH_STORM_SEED=%llu: something was lost that had an owner", (unsigned long long)seed);
    }
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nothing_breaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
