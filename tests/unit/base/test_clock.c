/* The cheap clock against the system's. */
#include "test.h"

#include <clock.h>

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
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_never_goes_back_and_keeps_step)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
