/* No memory: each allocation of a scenario fails once, by countdown. Never a crash, never a leak (LeakSanitizer looks
 * at the end), and what was refused says -ENOMEM. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "sink.h"

static int work(void *arg)
{
    int rc = leash_sleep(arg ? *(double *)arg : 0.5);
    return rc < 0 ? rc : leash_return_copy("result", 7);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "this is the message %d", 5);
}

static void nop(void *arg)
{
    (void)arg;
}

static void done(void *handle, void *arg)
{
    (void)handle;
    (void)arg;
}

static struct leash_local key = LEASH_LOCAL_INIT;

/* Remembers the worst that is no business of the scenario. */
static void check(int rc, int *bad)
{
    if (rc < 0 && rc != -ENOMEM && rc != -EIO && rc != -ETIMEDOUT && rc != -ECANCELED && rc != -EINVAL && rc != -EBUSY)
        *bad = rc;
}

static void combine(int *bad)
{
    double late = 5;
    leash_task_t task = leash_create_task_named(leash_coro_copy(work, &late, sizeof late), "late");
    if (task) {
        leash_awaitable_t items[] = {task};
        check(leash_wait(items, 1, LEASH_ALL_COMPLETED, 0.1, NULL), bad);
        leash_future_t shield = leash_shield(task);
        if (shield)
            check(leash_wait_for(shield, 0.1, NULL), bad);
        struct leash_as_completed *it = leash_as_completed(items, 1, 0.1);
        size_t index;
        if (it)
            check(leash_next_completed(it, &index, NULL), bad);
        leash_as_completed_free(it);
        leash_cancel(task, "enough");
        check(leash_await(task, NULL), bad);
    }
}

static int scenario(void *arg)
{
    int *bad = arg;
    leash_coro_t coro = leash_coro(work, NULL);
    if (coro)
        check(leash_await(coro, NULL), bad);
    leash_local_set(&key, bad);
    leash_call_soon(nop, NULL);
    leash_call_later(0.1, nop, NULL);
    leash_task_t failing = leash_create_task(leash_coro(fails, NULL));
    if (failing) {
        leash_add_done_callback(failing, done, NULL);
        check(leash_await(failing, NULL), bad);
    }
    leash_coro_t a = leash_coro(work, NULL), b = leash_coro(fails, NULL);
    if (a && b) {
        check(leash_gather_wait(NULL, a, b), bad);
    } else {
        leash_close(a);
        leash_close(b);
    }
    leash_timeout_t scope = leash_timeout_begin(0.1);
    int slept = leash_sleep(1);
    check(scope ? leash_timeout_end(scope, slept) : slept, bad);
    leash_future_t future = leash_future();
    if (future) {
        leash_future_set_failure(future, -EIO, "broken");
        check(leash_await(future, NULL), bad);
    }
    combine(bad);
    return 0;
}

static void run_scenario(int *bad)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    leash_coro_t main_coro = leash_coro(scenario, bad);
    int rc = main_coro ? run_options(scenario, bad, &options) : -ENOMEM;
    if (main_coro)
        leash_close(main_coro);
    if (rc != 0 && rc != -ENOMEM && rc != -EINVAL)
        *bad = rc;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    for (long n = 1; n < 1000; n++) {
        int bad = 0;
        no_memory_at(n);
        run_scenario(&bad);
        long failed = no_memory_failed();
        no_memory_at(0);
        assert_int_equal(bad, 0);
        if (failed == 0) {
            assert_true(n > 15); /* the countdown really reached into the scenario */
            return;
        }
    }
    fail_msg("the scenario never ends without a failure");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
