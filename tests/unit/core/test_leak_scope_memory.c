/* No memory: each allocation of a scope of leaks fails once. What is found is counted at least. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"

static int nothing(void *arg)
{
    (void)arg;
    return 0;
}

static int forgets(void *arg)
{
    leash_coro_t *coro = arg;
    *coro = leash_coro(nothing, NULL);
    return 0;
}

/* Where there is no memory for a loop, its main coroutine is left. */
static void run(leash_coro_t *forgotten)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    leash_coro_t coro = leash_coro(forgets, forgotten);
    options.scan = 0;
    if (coro && leash_run_with(coro, &options, NULL) == -ENOMEM)
        leash_close(coro);
}

/* How many leaks a scope should tell of, and how many it did. */
struct counted {
    int made, told;
};

static struct counted scenario(void)
{
    char text[1024];
    struct leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    struct counted counted = {0, 0};
    leash_coro_t forgotten = NULL, outside = NULL;
    options.text = text;
    options.text_size = sizeof text;
    int rc = leash_leaks_begin("t");
    if (rc < 0)
        return rc == -ENOMEM ? counted : (struct counted){-1, rc};
    run(&forgotten);
    outside = leash_coro(nothing, NULL);
    counted.made = (forgotten != NULL) + (outside != NULL);
    counted.told = leash_leaks_end(&options);
    leash_close(outside);
    return counted;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    for (long n = 1; n < 1000; n++) {
        no_memory_at(n);
        struct counted counted = scenario();
        long failed = no_memory_failed();
        no_memory_at(0);
        assert_int_equal(counted.told, counted.made);
        assert_int_equal(leash_leaks_end(NULL), -EINVAL); /* none is left open */
        if (failed == 0) {
            assert_int_equal(counted.made, 2);
            assert_true(n > 5); /* the countdown really reached into the scenario */
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
