/* leash/leaks.h and leash/cmocka.h from C++17. That they find leaks is planted.py's business. */
#include <leash.h>
#include <leash/cmocka.h>

#undef LEASH_ASSERT_FAIL
#define LEASH_ASSERT_FAIL(text) reported(text)

namespace
{
int reports;

void reported(const char *text)
{
    reports += strstr(text, "never-awaited") != nullptr;
}

int nothing(void *)
{
    return 0;
}

int setup(void **state)
{
    *state = &reports;
    return 0;
}

void clean(void **state)
{
    assert_null(*state);
    assert_int_equal(leash_run(leash_coro(nothing, nullptr)), 0);
}

void has_a_fixture(void **state)
{
    assert_ptr_equal(*state, &reports);
}

void each_leak(const leash_leak_info *leak, void *count)
{
    *static_cast<int *>(count) += leak->severity == 'E' && strcmp(leak->test, "inner") == 0;
}

void leaks_within(void **)
{
    int count = 0;
    leash_leaks_options options = LEASH_LEAKS_OPTIONS_INIT;
    options.each = each_leak;
    options.arg = &count;
    assert_int_equal(leash_leaks_begin("inner"), 0);
    leash_coro_t first = leash_coro(nothing, nullptr);
    assert_int_equal(leash_leaks_end(&options), 1);
    assert_int_equal(count, 1);
    assert_int_equal(leash_leaks_begin("asserted"), 0);
    leash_coro_t second = leash_coro(nothing, nullptr);
    leash_assert_no_leaks();
    assert_int_equal(reports, 1);
    leash_close(first);
    leash_close(second);
}
} // namespace

int main()
{
    const CMUnitTest tests[] = {
        leash_cmocka_unit_test(clean),
        leash_cmocka_unit_test_setup_teardown(has_a_fixture, setup, nullptr),
        leash_cmocka_unit_test(leaks_within),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
