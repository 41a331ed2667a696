/* The report of an overflow: a child overflows, the parent reads what it said and how it ended. */
#include "test.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <guard.h>

#include "pool.h"

struct end {
    char said[1024];
    int status;
};

/* Runs fn in a child whose handlers are the default ones. */
static struct end in_child(void (*fn)(void))
{
    struct end end = {.status = -1};
    int ends[2];
    if (pipe(ends) < 0)
        return end;
    pid_t child = fork();
    if (child == 0) {
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        signal(SIGSEGV, SIG_DFL); /* cmocka has taken them */
        signal(SIGBUS, SIG_DFL);
        dup2(ends[1], STDERR_FILENO);
        fn();
        _exit(99);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], end.said + length, sizeof(end.said) - 1 - length)) > 0;)
        length += (size_t)n;
    close(ends[0]);
    char *emulator = strstr(end.said, "qemu: "); /* it adds a line of its own */
    if (emulator)
        *emulator = '\0';
    waitpid(child, &end.status, 0);
    return end;
}

static void assert_killed(const struct end *end, int signal_number, const char *said)
{
    assert_string_equal(end->said, said);
    assert_true(WIFSIGNALED(end->status));
    assert_int_equal(WTERMSIG(end->status), signal_number);
}

static size_t task_three(char *buffer, size_t size)
{
    return (size_t)snprintf(buffer, size, "task #3 \"fetch\" (src/x.c:12)");
}

static size_t no_task(char *buffer, size_t size)
{
    (void)buffer;
    (void)size;
    return 0;
}

#define REPORT_64K                                                                                                     \
    "leash: stack overflow in task #3 \"fetch\" (src/x.c:12): its stack is 64 KiB; use a larger stack_size\n"

static __attribute__((noinline)) int recurse(volatile int depth)
{
    volatile char frame[200];
    frame[0] = (char)depth;
    return depth ? recurse(depth + 1) + frame[0] : 0;
}

static void recurse_in_context(struct side *side, void *argument)
{
    (void)side;
    (void)argument;
    recurse(1);
}

/* A frame so large that it jumps over the guard and the stack below, and meets the guard of that one. */
static void jump_over_guard(struct side *side, void *argument)
{
    const char *low, *high;
    (void)argument;
    leash__context_bounds(&side->context, &low, &high);
    const char *guard_below = low - 4096 - 64 * 1024;
    volatile char *frame = __builtin_alloca((size_t)((const char *)__builtin_frame_address(0) - guard_below) - 512);
    frame[0] = 1;
}

/* The same place, but reached by a wild pointer. */
static void write_to_guard_below(struct side *side, void *argument)
{
    const char *low, *high;
    (void)argument;
    leash__context_bounds(&side->context, &low, &high);
    *(volatile char *)(uintptr_t)(low - 4096 - 64 * 1024 + 600) = 1;
}

static void read_null(struct side *side, void *argument)
{
    (void)side;
    *(volatile int *)argument = 1;
}

/* One body, with everything set up as a loop would, on a stack that has others below it. */
static void watched(size_t stack_size, leash__running_name_fn *name, void (*body)(struct side *, void *))
{
    struct side side = {0};
    leash__overflow_watch(name);
    leash__overflow_thread();
    if (leash__stacks_new(&side.stacks, stack_size) < 0)
        return;
    for (int i = 0; i < 4; i++) {
        struct leash__context below;
        leash__context_new(&below, side.stacks, NULL, NULL);
    }
    side_start(&side, body, NULL);
}

static void overflow(void)
{
    watched(64 * 1024, task_three, recurse_in_context);
}

static void overflow_at_mprotect(void)
{
    leash__guard_force(LEASH__GUARD_MPROTECT, 100);
    watched(64 * 1024, task_three, recurse_in_context);
}

static void overflow_widely(void)
{
    watched(64 * 1024, task_three, jump_over_guard);
}

static void fault_in_guard_below(void)
{
    watched(64 * 1024, task_three, write_to_guard_below);
}

static void overflow_of_nameless(void)
{
    watched(256 * 1024, no_task, recurse_in_context);
}

static void test_report_names_the_task(void **state)
{
    (void)state;
    struct end end = in_child(overflow);
    assert_killed(&end, SIGSEGV, REPORT_64K);
    end = in_child(overflow_at_mprotect);
    assert_killed(&end, SIGSEGV, REPORT_64K);
}

static void test_large_frames_are_the_running_tasks(void **state)
{
    (void)state;
    struct end end = in_child(overflow_widely);
    assert_killed(&end, SIGSEGV, REPORT_64K);
    end = in_child(fault_in_guard_below);
    assert_killed(&end, SIGSEGV, "");
}

static void test_report_without_a_name(void **state)
{
    (void)state;
    struct end end = in_child(overflow_of_nameless);
    assert_killed(&end, SIGSEGV, "leash: stack overflow in a task: its stack is 256 KiB; use a larger stack_size\n");
}

static void *overflow_here(void *argument)
{
    (void)argument;
    overflow();
    return NULL;
}

static void overflow_in_a_thread(void)
{
    pthread_t thread;
    leash__overflow_watch(no_task); /* the main thread's loop */
    leash__overflow_watch_end();
    pthread_create(&thread, NULL, overflow_here, NULL);
    pthread_join(thread, NULL);
}

static void test_report_from_a_thread(void **state)
{
    (void)state;
    struct end end = in_child(overflow_in_a_thread);
    assert_killed(&end, SIGSEGV, REPORT_64K);
}

static void fault_in_context(void)
{
    watched(64 * 1024, task_three, read_null);
}

static void fault_outside(void)
{
    struct side side = {0};
    leash__overflow_watch(task_three);
    leash__overflow_thread();
    read_null(&side, NULL);
}

static void send_segv(void)
{
    leash__overflow_watch(task_three);
    kill(getpid(), SIGSEGV);
}

static void test_other_faults_keep_their_course(void **state)
{
    (void)state;
    struct end end = in_child(fault_in_context);
    assert_killed(&end, SIGSEGV, "");
    end = in_child(fault_outside);
    assert_killed(&end, SIGSEGV, "");
    end = in_child(send_segv);
    assert_killed(&end, SIGSEGV, "");
}

static void on_segv(int signal_number)
{
    (void)signal_number;
    _exit(41);
}

static void overflow_with_foreign_handler(void)
{
    stack_t alternate = {.ss_sp = malloc(65536), .ss_size = 65536};
    struct sigaction action = {.sa_handler = on_segv, .sa_flags = SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    sigaction(SIGSEGV, &action, NULL);
    overflow();
}

static void test_foreign_handler_is_left_alone(void **state)
{
    (void)state;
    struct end end = in_child(overflow_with_foreign_handler);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 41);
    assert_string_equal(end.said, "");
}

static void (*handler_of(int signal_number))(int)
{
    struct sigaction action;
    sigaction(signal_number, NULL, &action);
    return action.sa_handler;
}

/* Exits with the number of the first step that went wrong. */
static void take_and_give_back(void)
{
    stack_t alternate;
    leash__overflow_watch(task_three);
    leash__overflow_watch(task_three);
    leash__overflow_watch_end();
    if (handler_of(SIGSEGV) == SIG_DFL || handler_of(SIGBUS) == SIG_DFL)
        _exit(1);
    leash__overflow_watch_end();
    if (handler_of(SIGSEGV) != SIG_DFL || handler_of(SIGBUS) != SIG_DFL)
        _exit(2);
    leash__overflow_watch(task_three);
    signal(SIGSEGV, on_segv); /* somebody comes after us */
    leash__overflow_watch_end();
    if (handler_of(SIGSEGV) != on_segv || handler_of(SIGBUS) != SIG_DFL)
        _exit(3);
    if (leash__overflow_thread() < 0 || sigaltstack(NULL, &alternate) < 0 || alternate.ss_flags & SS_DISABLE)
        _exit(4);
    leash__overflow_thread_end();
    if (sigaltstack(NULL, &alternate) < 0 || !(alternate.ss_flags & SS_DISABLE))
        _exit(5);
    stack_t own = {.ss_sp = malloc(65536), .ss_size = 65536};
    sigaltstack(&own, NULL);
    leash__overflow_thread();
    leash__overflow_thread_end();
    if (sigaltstack(NULL, &alternate) < 0 || alternate.ss_sp != own.ss_sp)
        _exit(6);
    _exit(0);
}

static void test_signals_and_stack_are_given_back(void **state)
{
    (void)state;
    struct end end = in_child(take_and_give_back);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 0);
}

static void overrun_canary(struct side *side, void *argument)
{
    (void)argument;
    const char *low, *high;
    leash__context_bounds(&side->context, &low, &high);
    memset((char *)(uintptr_t)low - 48, 'x', 48);
    side_pause(side);
}

static void overflow_at_canary(void)
{
    struct side side = {0};
    leash__guard_force(LEASH__GUARD_CANARY, 0);
    if (leash__stacks_new(&side.stacks, 64 * 1024) < 0 || !side_start(&side, overrun_canary, NULL))
        return;
    if (leash__context_overflowed(&side.context))
        leash__context_overflow_abort(&side.context, task_three);
}

static void test_report_of_a_canary(void **state)
{
    (void)state;
    struct end end = in_child(overflow_at_canary);
    assert_killed(&end, SIGABRT, REPORT_64K);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_report_names_the_task),
        cmocka_unit_test(test_large_frames_are_the_running_tasks),
        cmocka_unit_test(test_report_without_a_name),
        cmocka_unit_test(test_report_from_a_thread),
        cmocka_unit_test(test_other_faults_keep_their_course),
        cmocka_unit_test(test_foreign_handler_is_left_alone),
        cmocka_unit_test(test_signals_and_stack_are_given_back),
        cmocka_unit_test(test_report_of_a_canary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
