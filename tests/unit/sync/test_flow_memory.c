/* No memory for groups, deferred functions, generators and eager tasks: each allocation of a scenario fails once. Never
 * a crash, never a leak (LeakSanitizer looks at the end), and what was refused says -ENOMEM. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>

#include "no_memory.h"
#include "sink.h"

struct scenario {
    int bad; /* the worst that is no business of the scenario */
    int cleaned_up, dropped;
};

static int check(struct scenario *scenario, int rc)
{
    if (rc < 0 && rc != -ENOMEM && rc != -EIO && rc != -ECANCELED && rc != -ETIMEDOUT)
        scenario->bad = rc;
    return rc;
}

static int clean_up(void *arg)
{
    struct scenario *scenario = arg;
    scenario->cleaned_up++;
    return 0;
}

static void drop(void *arg)
{
    struct scenario *scenario = arg;
    scenario->dropped++;
}

static int work(void *arg)
{
    struct scenario *scenario = arg;
    int rc = check(scenario, leash_defer(clean_up, scenario));
    return rc < 0 ? rc : leash_sleep(0.1);
}

static int fails(void *arg)
{
    (void)arg;
    return leash_fail(-EIO, "this is the message %d", 5);
}

static int counts(void *arg)
{
    struct scenario *scenario = arg;
    int rc = check(scenario, leash_defer(clean_up, scenario));
    for (int i = 0; i < 3 && rc >= 0; i++)
        rc = leash_sleep(0.1) < 0 ? -ECANCELED : leash_yield(&i);
    return rc < 0 ? rc : fails(NULL);
}

static void spawn(struct scenario *scenario, leash_group_t group, leash_fn_t fn)
{
    leash_coro_t coro = leash_coro_own(fn, scenario, drop);
    if (coro && check(scenario, leash_group_spawn(group, coro)) < 0)
        leash_close(coro);
}

static void groups(struct scenario *scenario)
{
    leash_group_t group = leash_group_begin_named("group");
    if (!group)
        return;
    spawn(scenario, group, work);
    leash_coro_t coro = leash_coro(work, scenario);
    leash_task_t named = coro ? leash_group_create_task_named(group, coro, "named") : NULL;
    if (coro && !named)
        leash_close(coro);
    spawn(scenario, group, fails);
    check(scenario, leash_group_end(group, leash_sleep(1)));
    check(scenario, leash_group_failures(group, NULL, 0));
}

static void generators(struct scenario *scenario)
{
    int *number;
    leash_generator_t generator = leash_generator_own(counts, scenario, drop);
    if (generator) {
        leash_for_each (generator, number)
            check(scenario, *number);
        check(scenario, leash_generator_close(generator));
    }
    leash_generator_t copy = leash_generator_copy(fails, "argument", 9), closed = leash_generator(counts, scenario);
    if (copy)
        check(scenario, leash_next(copy, NULL));
    if (closed) {
        check(scenario, leash_next(closed, NULL));
        check(scenario, leash_generator_close(closed));
    }
    generator = leash_generator(counts, scenario);
    if (generator)
        check(scenario, leash_next(generator, NULL)); /* left open */
}

static void eager_tasks(struct scenario *scenario)
{
    leash_fn_t fns[] = {work, fails};
    for (int i = 0; i < 2; i++) {
        leash_coro_t coro = leash_coro(fns[i], scenario);
        leash_task_t task = coro ? leash_create_task_eager_named(coro, "eager") : NULL;
        if (task)
            check(scenario, leash_await(task, NULL));
        else if (coro)
            leash_close(coro);
    }
}

static int scenario_body(void *arg)
{
    struct scenario *scenario = arg;
    check(scenario, leash_defer(clean_up, scenario));
    groups(scenario);
    generators(scenario);
    eager_tasks(scenario);
    return 0;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    for (long n = 1; n < 1000; n++) {
        struct scenario scenario = {.bad = 0};
        struct leash_options options = LEASH_OPTIONS_INIT;
        no_memory_at(n);
        int rc = run_options(scenario_body, &scenario, &options);
        long failed = no_memory_failed();
        no_memory_at(0);
        assert_int_equal(scenario.bad, 0);
        assert_true(rc == 0 || rc == -ENOMEM || rc == -EINVAL); /* -EINVAL: there was no main coroutine */
        if (failed == 0) {
            assert_true(n > 20); /* the countdown really reached into the scenario */
            assert_int_equal(scenario.cleaned_up, 7);
            assert_int_equal(scenario.dropped, 0);
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
