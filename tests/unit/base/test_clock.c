/* The cheap clock against the system's. */
#include "test.h"

#include <clock.h>

static struct {
    uint64_t began, before, cheap, after;
} step;

/* A step that blocks, in a process so young that nobody has read the clock before: cmocka would. */
static void block_soon_after_the_start(void)
{
    enum { YOUNG_NS = 1000000, STEP_NS = 20000000 };
    struct leash__clock clock;
    leash__clock_init(&clock);
    while (leash__clock_system() < YOUNG_NS)
        ;
    step.began = leash__clock_anchor(&clock);
    while (leash__clock_system() < step.began + STEP_NS)
        ;
    step.before = leash__clock_system();
    step.cheap = leash__clock_ns(&clock);
    step.after = leash__clock_system();
}

static void test_a_long_step_soon_after_the_start(void **state)
{
    (void)state;
    assert_true(step.cheap - step.began > (step.before - step.began) / 100 * 99);
    assert_true(step.cheap - step.began < (step.after - step.began) / 100 * 101);
}

static void test_never_goes_back_and_keeps_step(void **state)
{
    struct leash__clock clock;
    uint64_t last = 0;
    (void)state;
    leash__clock_init(&clock);
    for (int i = 0; i < 200000; i++) {
        uint64_t now = i % 1000 ? leash__clock_ns(&clock) : leash__clock_anchor(&clock);
        assert_true(now >= last);
        last = now;
    }
    uint64_t before = leash__clock_system(), cheap = leash__clock_anchor(&clock), after = leash__clock_system();
    assert_true(cheap >= before);
    assert_true(cheap <= after || cheap == clock.last);
}

int main(void)
{
    block_soon_after_the_start();
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_long_step_soon_after_the_start),
                                       cmocka_unit_test(test_never_goes_back_and_keeps_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
