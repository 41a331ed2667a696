/* The timer heap against a sorted list. */
#include "test.h"

#include <heap.h>
#include <random.h>
#include <stdbool.h>
#include <stdlib.h>

enum { ITEMS = 500 };

struct timer {
    struct leash__heap_item item;
    uint64_t when, order;
    bool in;
};

static const struct timer *least(const struct timer *timers)
{
    const struct timer *found = NULL;
    for (int i = 0; i < ITEMS; i++)
        if (timers[i].in && (!found || timers[i].when < found->when ||
                             (timers[i].when == found->when && timers[i].order < found->order)))
            found = &timers[i];
    return found;
}

static void test_random_puts_and_removes(void **state)
{
    static struct timer timers[ITEMS];
    struct leash__heap heap = {0};
    uint64_t seed = 1, order = 0;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        struct timer *timer = &timers[leash__random_below(&seed, ITEMS)];
        if (timer->in) {
            leash__heap_remove(&heap, &timer->item);
            assert_int_equal(timer->item.index, LEASH__HEAP_OUT);
        } else {
            timer->when = leash__random_below(&seed, 50);
            timer->order = order++;
            assert_int_equal(leash__heap_put(&heap, &timer->item, timer->when), 0);
        }
        timer->in = !timer->in;
        if (round % 50)
            continue;
        const struct timer *expected = least(timers);
        struct leash__heap_entry *first = leash__heap_first(&heap);
        assert_ptr_equal(first ? first->item : NULL, expected ? &expected->item : NULL);
    }
    leash__heap_clear(&heap);
    assert_null(leash__heap_first(&heap));
}

static void test_equal_deadlines_come_in_order_of_arming(void **state)
{
    struct timer timers[100];
    struct leash__heap heap = {0};
    (void)state;
    for (int i = 0; i < 100; i++)
        assert_int_equal(leash__heap_put(&heap, &timers[i].item, 7), 0);
    for (int i = 0; i < 100; i++) {
        assert_ptr_equal(leash__heap_first(&heap)->item, &timers[i].item);
        leash__heap_remove(&heap, &timers[i].item);
        leash__heap_remove(&heap, &timers[i].item); /* harmless twice */
    }
    leash__heap_clear(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_puts_and_removes),
        cmocka_unit_test(test_equal_deadlines_come_in_order_of_arming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
