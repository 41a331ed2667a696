/* Tests of the basket with cmocka. The second one passes all its assertions, and leaks. */
#include <leash.h>
#include <leash/cmocka.h>

#include "basket.h"

struct seen {
    struct basket basket;
    int total, guess;
};

/* Bodies write down what they see; the test asserts after leash_run. */
static int add_up(void *arg)
{
    struct seen *seen = arg;
    seen->total = basket_total(&seen->basket);
    return 0;
}

static void test_total(void **state)
{
    struct seen seen = {.basket = {{3, 4}, 2}};
    (void)state;
    assert_int_equal(leash_run(leash_coro(add_up, &seen)), 0);
    assert_int_equal(seen.total, 7);
}

static int guess(void *arg)
{
    struct seen *seen = arg;
    seen->guess = basket_guess(&seen->basket);
    return 0;
}

static void test_guess(void **state)
{
    struct seen seen = {.basket = {{3, 4}, 2}};
    (void)state;
    assert_int_equal(leash_run(leash_coro(guess, &seen)), 0);
    assert_int_equal(seen.guess, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        leash_cmocka_unit_test(test_total),
        leash_cmocka_unit_test(test_guess),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
