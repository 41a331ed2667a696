#include "test.h"

#include <pause.h>

static void it_is_told_once_that_it_stood_still(void **state)
{
    uint64_t seen = 0, other = 0;
    (void)state;
    assert_false(leash__paused_since(&seen));
    leash__pause_begin();
    assert_true(leash__paused_since(&seen)); /* it does */
    assert_true(leash__paused_since(&seen));
    leash__pause_end();
    assert_false(leash__paused_since(&seen)); /* that it did was told */
    assert_true(leash__paused_since(&other));
    leash__pause_begin();
    leash__pause_end();
    assert_true(leash__paused_since(&seen)); /* it did, in between */
    assert_false(leash__paused_since(&seen));
}

/* Of two that overlap the end of one is not that of both. */
static void two_at_a_time(void **state)
{
    uint64_t seen = 0;
    (void)state;
    leash__paused_since(&seen);
    leash__pause_begin();
    leash__pause_begin();
    leash__paused_since(&seen);
    leash__pause_end();
    assert_true(leash__paused_since(&seen));
    leash__pause_end();
    assert_false(leash__paused_since(&seen));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_told_once_that_it_stood_still),
        cmocka_unit_test(two_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
