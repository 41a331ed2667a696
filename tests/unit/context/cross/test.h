/* As much of cmocka as the tests of context/ use, for machines that it is not installed for: those that an emulator
 * runs. It takes the place of tests/support/test.h. The first failure ends the program. */
#ifndef LEASH_TEST_H
#define LEASH_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*test)(void **state);
    int (*setup)(void **state), (*teardown)(void **state);
};

static jmp_buf test_skipped;

#define cmocka_unit_test(function)                                                                                     \
    {                                                                                                                  \
#function, function, NULL, NULL                                                                                \
    }
#define cmocka_unit_test_setup_teardown(function, before, after)                                                       \
    {                                                                                                                  \
#function, function, before, after                                                                             \
    }
#define cmocka_run_group_tests(tests, before, after) run_tests(tests, sizeof(tests) / sizeof((tests)[0]))

#define skip() longjmp(test_skipped, 1)
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                                    \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)
#define assert_true(a)                  CHECK(a)
#define assert_false(a)                 CHECK(!(a))
#define assert_null(a)                  CHECK((a) == NULL)
#define assert_non_null(a)              CHECK((a) != NULL)
#define assert_ptr_equal(a, b)          CHECK((a) == (b))
#define assert_int_equal(a, b)          CHECK((long)(a) == (long)(b))
#define assert_string_equal(a, b)       CHECK(strcmp(a, b) == 0)
#define assert_memory_equal(a, b, size) CHECK(memcmp(a, b, size) == 0)
#define assert_in_range(a, low, high)   CHECK((a) >= (low) && (a) <= (high))

static inline int run_test(const struct CMUnitTest *test)
{
    static void *state; /* static: it outlives the longjmp of skip() */
    state = NULL;
    printf("%s\n", test->name);
    fflush(stdout);
    if (test->setup && test->setup(&state) != 0)
        return 1;
    if (setjmp(test_skipped) == 0)
        test->test(&state);
    return test->teardown ? test->teardown(&state) : 0;
}

static inline int run_tests(const struct CMUnitTest *tests, size_t count)
{
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++)
        failed = run_test(&tests[i]);
    return failed;
}

#endif
