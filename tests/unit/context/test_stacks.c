/* Stacks: what is reused, what is given back, and what keeps them apart. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <guard.h>
#include <sanitizer.h>
#include <stacks.h>

#include "pool.h"

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#define UNDER_TSAN __has_feature(thread_sanitizer)
#else
#define UNDER_TSAN 0
#endif

/* Tests that look at memory that no context has now, or that take long. */
static void not_under_valgrind(void)
{
    if (leash__valgrind_runs())
        skip();
}

static int setup(void **state)
{
    struct leash__stacks *stacks;
    if (leash__stacks_new(&stacks, 64 * 1024) < 0)
        return -1;
    *state = stacks;
    return 0;
}

static int teardown(void **state)
{
    leash__stacks_free(*state);
    leash__guard_force_end();
    return 0;
}

/* True if the program can read there. */
static bool is_readable(const void *address)
{
    int ends[2];
    if (pipe(ends) < 0)
        return false;
    ssize_t n = write(ends[1], address, 1);
    close(ends[0]);
    close(ends[1]);
    return n == 1;
}

static bool is_resident(const char *page)
{
    unsigned char resident = 0;
    return mincore((void *)(uintptr_t)page, 4096, &resident) == 0 && resident & 1;
}

static void test_last_stack_back_is_first_out(void **state)
{
    struct leash__stacks *stacks = *state;
    struct leash__stack *taken[40];
    char *low[40];
    for (int i = 0; i < 40; i++) {
        taken[i] = leash__stack_take(stacks);
        assert_non_null(taken[i]);
        low[i] = taken[i]->low;
    }
    for (int i = 0; i < 40; i++)
        leash__stack_give(stacks, taken[i]);
    for (int i = 40; i--;) {
        taken[i] = leash__stack_take(stacks);
        assert_ptr_equal(taken[i]->low, low[i]);
    }
    for (int i = 0; i < 40; i++)
        leash__stack_give(stacks, taken[i]);
}

static void test_reused_stack_is_untouched(void **state)
{
    not_under_valgrind();
    struct leash__stacks *stacks = *state;
    struct leash__stack *stack = leash__stack_take(stacks);
    char *mark = stack->high - 20000;
    memcpy(mark, "here", 4);
    leash__stack_give(stacks, stack);
    leash__stack_give(stacks, leash__stack_take(stacks));
    assert_memory_equal(mark, "here", 4);
}

static int compare_lows(const void *a, const void *b)
{
    const char *left = *(char *const *)a, *right = *(char *const *)b;
    return (left > right) - (left < right);
}

static void note_range(const void *low, const void *high, void *argument)
{
    *(size_t *)argument += (size_t)((const char *)high - (const char *)low);
}

static void test_stacks_lie_apart(void **state)
{
    enum { MANY = 3000 };
    struct leash__stacks *stacks = *state;
    struct leash__stack **taken = calloc(MANY, sizeof(*taken));
    char **lows = calloc(MANY, sizeof(*lows));
    size_t mapped = 0;
    for (int i = 0; i < MANY; i++) {
        taken[i] = leash__stack_take(stacks);
        assert_non_null(taken[i]);
        lows[i] = taken[i]->low;
        assert_int_equal(taken[i]->high - taken[i]->low, 64 * 1024);
        assert_true((char *)(taken[i] + 1) <= taken[i]->high);
        assert_int_equal((uintptr_t)taken[i] % 16, 0);
    }
    qsort(lows, MANY, sizeof(*lows), compare_lows);
    for (int i = 1; i < MANY; i++)
        assert_true(lows[i] - lows[i - 1] >= 64 * 1024);
    leash__stacks_ranges(stacks, note_range, &mapped);
    assert_in_range(mapped, MANY * 65536UL, 2 * MANY * 65536UL);
    for (int i = 0; i < MANY; i++)
        leash__stack_give(stacks, taken[i]);
    free(lows);
    free(taken);
}

static void test_sizes_are_rounded_up(void **state)
{
    (void)state;
    static const size_t wanted[] = {0, 1, 16384, 16385, 100000, 1 << 20};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        struct leash__stacks *stacks;
        assert_int_equal(leash__stacks_new(&stacks, wanted[i]), 0);
        struct leash__stack *stack = leash__stack_take(stacks);
        size_t size = (size_t)(stack->high - stack->low);
        assert_true(size >= wanted[i] && size >= 16384 && size < wanted[i] + 16384 + 4096);
        assert_true(leash__stacks_usable(stacks) > 10000 && leash__stacks_usable(stacks) < size);
        leash__stack_give(stacks, stack);
        leash__stacks_free(stacks);
    }
    struct leash__stacks *untouched = (void *)-1;
    assert_int_equal(leash__stacks_new(&untouched, SIZE_MAX), -ENOMEM);
    assert_ptr_equal(untouched, (void *)-1);
    leash__stacks_free(NULL);
}

/* Takes `count` stacks, touches each two pages below its end, and gives them back in order: the last is the hottest. */
static char **touch_many(struct leash__stacks *stacks, size_t count)
{
    struct leash__stack **taken = calloc(count, sizeof(*taken));
    char **pages = calloc(count, sizeof(*pages));
    for (size_t i = 0; i < count; i++) {
        taken[i] = leash__stack_take(stacks);
        pages[i] = taken[i]->high - 8192;
        *pages[i] = 1;
    }
    for (size_t i = 0; i < count; i++)
        leash__stack_give(stacks, taken[i]);
    free(taken);
    return pages;
}

static void test_trim_keeps_the_hot_ones(void **state)
{
    struct leash__stacks *stacks = *state;
    char **pages = touch_many(stacks, 100);
    assert_int_equal(leash__stacks_trim(stacks, 30), 0);
    for (int i = 0; i < 100; i++)
        assert_int_equal(is_resident(pages[i]), i >= 70);
    assert_int_equal(leash__stacks_trim(stacks, 1000), 0);
    assert_true(is_resident(pages[99]));
    assert_int_equal(leash__stacks_trim(stacks, 0), 0);
    assert_false(is_resident(pages[99]));
    free(pages);
}

static void test_trimmed_stacks_serve_again(void **state)
{
    not_under_valgrind();
    struct side side = {.stacks = *state};
    for (int round = 0; round < 3; round++) {
        char **pages = touch_many(side.stacks, 50);
        assert_int_equal(leash__stacks_trim(side.stacks, 0), 0);
        struct leash__stack *stack = leash__stack_take(side.stacks);
        bool guarded = stack->canary || !is_readable(stack->low);
        leash__stack_give(side.stacks, stack);
        assert_true(guarded);
        assert_false(is_resident(pages[0]));
        free(pages);
    }
}

static void test_trim_works_in_steps(void **state)
{
    struct leash__stacks *stacks = *state;
    char **pages = touch_many(stacks, 20000);
    size_t left = leash__stacks_trim(stacks, 1), calls = 1, before = 20000;
    assert_true(left > 0);
    for (; left; calls++) {
        assert_true(left < before);
        before = left;
        left = leash__stacks_trim(stacks, 1);
    }
    assert_in_range(calls, 2, 20);
    size_t resident = 0;
    for (int i = 0; i < 20000; i++)
        resident += is_resident(pages[i]);
    assert_int_equal(resident, 1);
    free(pages);
}

static void test_guard_faults(void **state)
{
    (void)state;
    not_under_valgrind();
    for (enum leash__guard kind = LEASH__GUARD_INSTALL; kind <= LEASH__GUARD_MPROTECT; kind++) {
        leash__guard_force(kind, 100);
        struct leash__stacks *stacks;
        assert_int_equal(leash__stacks_new(&stacks, 64 * 1024), 0);
        struct leash__stack *stack = leash__stack_take(stacks);
        bool low = is_readable(stack->low), high = is_readable(stack->low + stack->guard_size - 1);
        bool above = is_readable(stack->low + stack->guard_size);
        const void *canary = leash__stack_canary(stack);
        leash__stack_give(stacks, stack);
        leash__stacks_free(stacks);
        assert_false(low);
        assert_false(high);
        assert_true(above);
        assert_null(canary);
    }
}

static void test_mprotect_is_counted(void **state)
{
    struct leash__stacks *stacks = *state;
    struct leash__stack *taken[64];
    for (int round = 0; round < 2; round++) { /* what the first pool used is free again for the second */
        int canaries = 0;
        leash__guard_force(LEASH__GUARD_MPROTECT, 48);
        for (int i = 0; i < 64; i++) {
            taken[i] = leash__stack_take(stacks);
            canaries += taken[i]->canary;
        }
        for (int i = 0; i < 64; i++)
            leash__stack_give(stacks, taken[i]);
        leash__stacks_free(stacks);
        *state = NULL;
        assert_int_equal(leash__stacks_new(&stacks, 64 * 1024), 0);
        *state = stacks;
        assert_int_equal(canaries, 16);
    }
}

static void overrun(struct side *side, void *argument)
{
    const char *low, *high;
    leash__context_bounds(&side->context, &low, &high);
    side_pause(side);
    if (argument)
        memset((char *)(uintptr_t)low - 40, 'x', 8); /* as a function would that needs 40 bytes more than there are */
    side_pause(side);
}

static void test_canary_tells(void **state)
{
    (void)state;
    struct side side = {0};
    leash__guard_force(LEASH__GUARD_CANARY, 0);
    assert_int_equal(leash__stacks_new(&side.stacks, 64 * 1024), 0);
    for (int over = 0; over < 2; over++) {
        assert_true(side_start(&side, overrun, over ? &side : NULL));
        assert_non_null(side.context.canary);
        bool before = leash__context_overflowed(&side.context);
        side_go_on(&side);
        bool after = leash__context_overflowed(&side.context);
        side_free_context(&side);
        assert_false(before);
        assert_int_equal(after, over);
    }
    leash__stacks_free(side.stacks);
}

static void test_true_guard_never_claims_overflow(void **state)
{
    struct side side = {.stacks = *state};
    assert_true(side_start(&side, overrun, NULL));
    assert_null(side.context.canary);
    assert_false(leash__context_overflowed(&side.context));
    side_free_context(&side);
}

static void test_hundred_thousand(void **state)
{
    not_under_valgrind();
    enum { MANY = 100000 };
    struct leash__stacks *stacks = *state;
    struct leash__context *contexts = calloc(MANY, sizeof(*contexts));
    int failed = 0;
    for (int i = 0; i < MANY; i++)
        failed += leash__context_new(&contexts[i], stacks, NULL, NULL) < 0;
    for (int i = 0; i < MANY; i++)
        leash__context_free(&contexts[i], stacks);
    free(contexts);
    assert_int_equal(failed, UNDER_TSAN ? MANY - LEASH__TSAN_FIBERS : 0);
}

enum { NO_LIMIT = 77 }; /* emulators do not pass it on */

/* In a child that may map only a little more: contexts until there is no memory, then all of them back, then again. */
static int run_out_of_memory(void)
{
    enum { MANY = 4000 };
    static struct leash__context contexts[MANY];
    struct leash__stacks *stacks;
    struct rlimit limit = {0};
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%lu", &pages) != 1 || leash__stacks_new(&stacks, 64 * 1024) < 0)
        return 2;
    fclose(file);
    limit.rlim_cur = limit.rlim_max = pages * 4096 + 100 * 1024 * 1024;
    if (setrlimit(RLIMIT_AS, &limit) < 0)
        return 3;
    if (mmap(NULL, 1 << 30, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
        return NO_LIMIT;
    int counts[2];
    for (int round = 0; round < 2; round++) {
        int count = 0, rc = 0;
        while (count < MANY && (rc = leash__context_new(&contexts[count], stacks, NULL, NULL)) == 0)
            count++;
        if (rc != -ENOMEM)
            return 4;
        counts[round] = count;
        while (count)
            leash__context_free(&contexts[--count], stacks);
    }
    leash__stacks_free(stacks);
    return counts[0] == counts[1] && counts[0] > 1000 ? 0 : 5;
}

static void test_no_memory_is_an_answer(void **state)
{
    (void)state;
    not_under_valgrind();
    if (UNDER_TSAN) /* it ends the process when it gets no memory itself */
        skip();
    pid_t child = fork();
    if (child == 0)
        _exit(run_out_of_memory());
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LIMIT)
        skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
#define IN_POOL(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        IN_POOL(test_last_stack_back_is_first_out),
        IN_POOL(test_reused_stack_is_untouched),
        IN_POOL(test_stacks_lie_apart),
        cmocka_unit_test(test_sizes_are_rounded_up),
        IN_POOL(test_trim_keeps_the_hot_ones),
        IN_POOL(test_trimmed_stacks_serve_again),
        IN_POOL(test_trim_works_in_steps),
        IN_POOL(test_guard_faults),
        IN_POOL(test_mprotect_is_counted),
        IN_POOL(test_canary_tells),
        IN_POOL(test_true_guard_never_claims_overflow),
        IN_POOL(test_hundred_thousand),
        cmocka_unit_test(test_no_memory_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
