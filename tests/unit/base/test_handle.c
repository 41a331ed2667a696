/* Handles decode to what they were made of, and look like nothing else. */
#include "test.h"

#include <handle.h>
#include <random.h>

static void test_round_trip(void **state)
{
    uint64_t seed = 3;
    (void)state;
    for (int i = 0; i < 100000; i++) {
        uint32_t slot = (uint32_t)leash__random_below(&seed, LEASH__SLOTS);
        uint32_t generation = (uint32_t)leash__random_below(&seed, LEASH__GENERATIONS);
        enum leash__handle_kind kind = (enum leash__handle_kind)(i % LEASH__HANDLE_KINDS), got_kind;
        uint32_t got_slot, got_generation;
        uint64_t handle = leash__handle_encode(kind, slot, generation);
        assert_true(leash__handle_decode(handle, &got_kind, &got_slot, &got_generation));
        assert_int_equal(got_kind, kind);
        assert_int_equal(got_slot, slot);
        assert_int_equal(got_generation, generation);
    }
}

static void test_neighbours_look_unalike(void **state)
{
    uint64_t a = leash__handle_encode(LEASH__HANDLE_TASK, 1, 1), b = leash__handle_encode(LEASH__HANDLE_TASK, 2, 1);
    (void)state;
    assert_true(__builtin_popcountll(a ^ b) > 4);
    assert_true(a >> 48 >= 0x8000 && a >> 48 < 0xe000); /* no address, no ASCII */
}

static void test_foreign_words_have_no_kind(void **state)
{
    enum leash__handle_kind kind;
    uint32_t slot, generation;
    (void)state;
    assert_false(leash__handle_decode(0, &kind, &slot, &generation));
    assert_false(leash__handle_decode((uint64_t)(uintptr_t)&kind, &kind, &slot, &generation));
    assert_false(leash__handle_decode(UINT64_MAX, &kind, &slot, &generation));
}

static int setup(void **state)
{
    (void)state;
    leash__handle_init();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_neighbours_look_unalike),
        cmocka_unit_test(test_foreign_words_have_no_kind),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
