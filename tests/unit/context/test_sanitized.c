/* Built with AddressSanitizer only: what it and LeakSanitizer must and must not say of contexts. Each case runs in a
 * child, since a report is the end of a process. */
#include "test.h"

#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pool.h"

struct end {
    char said[65536];
    int status;
};

/* Runs fn on a pool of its own in a child that exits with what fn returns. */
static void in_child(int (*fn)(struct side *side), struct end *end)
{
    int ends[2];
    memset(end, 0, sizeof(*end));
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct side side = {0};
        dup2(ends[1], STDERR_FILENO);
        _exit(leash__stacks_new(&side.stacks, 256 * 1024) < 0 ? 99 : fn(&side));
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], end->said + length, sizeof(end->said) - 1 - length)) > 0;)
        length += (size_t)n;
    close(ends[0]);
    waitpid(child, &end->status, 0);
}

/* Overwrites what earlier calls left below this frame, where a stale pointer would keep a leak alive. */
static __attribute__((noinline)) void wipe_stack(void)
{
    volatile char frame[16 * 1024];
    for (size_t i = 0; i < sizeof(frame); i++)
        frame[i] = 0;
}

static void hold_block(struct side *side, void *argument)
{
    char *volatile block = malloc(100);
    (void)argument;
    side_pause(side);
    free(block);
}

static int leaks_of_a_suspended_context(struct side *side)
{
    side_start(side, hold_block, NULL);
    wipe_stack();
    return __lsan_do_recoverable_leak_check();
}

static void test_block_of_a_suspended_context_is_no_leak(void **state)
{
    (void)state;
    static struct end end;
    in_child(leaks_of_a_suspended_context, &end);
    assert_string_equal(end.said, "");
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 0);
}

static void lose_block(struct side *side, void *argument)
{
    (void)side;
    (void)argument;
    char *volatile block = malloc(123);
    block[0] = 'x';
}

static int leaks_of_an_ended_context(struct side *side)
{
    side_start(side, lose_block, NULL);
    side_free_context(side);
    wipe_stack();
    return __lsan_do_recoverable_leak_check();
}

static void test_leak_in_an_ended_context_is_found(void **state)
{
    (void)state;
    static struct end end;
    in_child(leaks_of_an_ended_context, &end);
    assert_non_null(strstr(end.said, "leak of 123 byte(s)"));
    assert_non_null(strstr(end.said, "in lose_block"));
}

static int leaks_of_a_freed_context(struct side *side)
{
    side_start(side, hold_block, NULL);
    side_free_context(side);
    wipe_stack();
    return __lsan_do_recoverable_leak_check();
}

static void test_block_of_a_context_freed_unrun_is_a_leak(void **state)
{
    (void)state;
    static struct end end;
    in_child(leaks_of_a_freed_context, &end);
    assert_non_null(strstr(end.said, "leak of 100 byte(s)"));
}

static void jump_inside(struct side *side, void *argument)
{
    jmp_buf here;
    volatile char before[64] = "x";
    side_pause(side);
    if (setjmp(here) == 0)
        longjmp(here, 1);
    *(int *)argument = before[0];
}

static int jump(struct side *side)
{
    int seen = 0;
    side_start(side, jump_inside, &seen);
    side_go_on(side);
    side_free_context(side);
    return seen == 'x' ? 0 : 1;
}

static void test_longjmp_inside_is_understood(void **state)
{
    (void)state;
    static struct end end;
    in_child(jump, &end);
    assert_string_equal(end.said, "");
    assert_int_equal(end.status, 0);
}

static __attribute__((noinline)) char overrun_buffer(volatile int index)
{
    volatile char buffer[16] = {0};
    buffer[index] = 1;
    return buffer[0];
}

static void overrun_after_pause(struct side *side, void *argument)
{
    (void)argument;
    side_pause(side);
    overrun_buffer(16);
}

static int overrun(struct side *side)
{
    side_start(side, overrun_after_pause, NULL);
    side_go_on(side);
    return 0;
}

static void test_overrun_inside_is_found(void **state)
{
    (void)state;
    static struct end end;
    in_child(overrun, &end);
    assert_non_null(strstr(end.said, "stack-buffer-overflow"));
    assert_non_null(strstr(end.said, "in overrun_buffer"));
}

/* A context freed in the middle of its frames leaves their red zones: the next one on the stack must not trip over
 * them. */
static void pause_among_red_zones(struct side *side, void *argument)
{
    volatile char buffer[100 * 1024]; /* a red zone before it, 100 KiB down the stack */
    (void)argument;
    for (size_t i = 0; i < sizeof(buffer); i++)
        buffer[i] = 1;
    side_pause(side);
    overrun_buffer(buffer[0]);
}

static void fill_without_red_zones(struct side *side, void *argument)
{
    (void)side;
    (void)argument;
    char *end = (char *)__builtin_frame_address(0) - 16 * 1024; /* far from the frames in use */
    memset(end - 180 * 1024, 0, 180 * 1024);
}

static int reuse(struct side *side)
{
    side_start(side, pause_among_red_zones, NULL);
    side_free_context(side);
    side_start(side, fill_without_red_zones, NULL);
    side_free_context(side);
    return 0;
}

static void test_red_zones_do_not_outlive_a_context(void **state)
{
    (void)state;
    static struct end end;
    in_child(reuse, &end);
    assert_string_equal(end.said, "");
    assert_int_equal(end.status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block_of_a_suspended_context_is_no_leak),
        cmocka_unit_test(test_leak_in_an_ended_context_is_found),
        cmocka_unit_test(test_block_of_a_context_freed_unrun_is_a_leak),
        cmocka_unit_test(test_longjmp_inside_is_understood),
        cmocka_unit_test(test_overrun_inside_is_found),
        cmocka_unit_test(test_red_zones_do_not_outlive_a_context),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
