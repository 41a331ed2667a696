/* Expectations in the bodies of tasks, which must not assert: the first that does not hold is noted, and the test fails
 * after the run. */
#ifndef LEASH_TEST_CHECK_H
#define LEASH_TEST_CHECK_H

#include "test.h"

#include <leash.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sink.h"

/* What was noted since the last run began; a copy in each test program. */
static struct {
    int line; /* of the first expectation that does not hold; 0: all do */
    const char *condition;
    char said[256]; /* leash_last_error() then */
    char trail[512];
} noted;

#define EXPECT(condition) expect((condition), __LINE__, #condition)

static inline void expect(bool holds, int line, const char *condition)
{
    if (holds || noted.line)
        return;
    noted.line = line;
    noted.condition = condition;
    snprintf(noted.said, sizeof noted.said, "%s", leash_last_error());
}

/* What happened, a word each: "a, b, c" in assert_trail. */
static inline void note(const char *word)
{
    size_t length = strlen(noted.trail);
    snprintf(noted.trail + length, sizeof noted.trail - length, "%s%s", length ? ", " : "", word);
}

/* Under the virtual clock. */
static inline int run_noted(leash_fn_t fn, void *arg)
{
    noted.line = 0;
    noted.trail[0] = '\0';
    return run_virtual(fn, arg);
}

#define assert_noted()                                                                                                 \
    do {                                                                                                               \
        if (noted.line)                                                                                                \
            fail_msg("line %d does not hold: %s (last refusal: %s)", noted.line, noted.condition, noted.said);         \
    } while (0)

/* fn(arg) returns rc, and all that is expected meanwhile holds. */
#define assert_ends(fn, arg, rc)                                                                                       \
    do {                                                                                                               \
        int ended_with = run_noted((fn), (arg));                                                                       \
        assert_noted();                                                                                                \
        assert_int_equal(ended_with, (rc));                                                                            \
    } while (0)
#define assert_holds(fn) assert_ends((fn), NULL, 0)
/* ... and what was noted, in order. */
#define assert_trail(fn, expected)                                                                                     \
    do {                                                                                                               \
        assert_holds(fn);                                                                                              \
        assert_string_equal(noted.trail, (expected));                                                                  \
    } while (0)

/* The handles of items as what leash_wait and the like take. */
#define ITEMS(...) ((leash_awaitable_t[]){__VA_ARGS__})

#endif
