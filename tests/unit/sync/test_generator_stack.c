/* The stack of a generator's body: its overflow is found wherever it stops, and the scan looks at it. */
#include "test.h"

#include <context.h>
#include <guard.h>
#include <leash.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sink.h"

/* ---- overflow ---- */

struct end {
    char said[1024];
    int status;
};

/* Runs fn as a main task, in a child whose handlers are the default ones. */
static struct end in_child(leash_fn_t fn, bool canaries)
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
        if (canaries)
            leash__guard_force(LEASH__GUARD_CANARY, 0);
        leash_after_fork();
        _exit(run_virtual(fn, NULL) == 0 ? 0 : 99);
    }
    close(ends[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(ends[0], end.said + length, sizeof(end.said) - 1 - length)) > 0;)
        length += (size_t)n;
    close(ends[0]);
    waitpid(child, &end.status, 0);
    return end;
}

static __attribute__((noinline)) int recurse(volatile int depth)
{
    volatile char frame[200];
    frame[0] = (char)depth;
    return depth ? recurse(depth + 1) + frame[0] : 0;
}

static int recurses(void *arg)
{
    (void)arg;
    leash_yield(NULL);
    return recurse(1);
}

static int takes_two(leash_generator_t generator)
{
    leash_next(generator, NULL);
    leash_next(generator, NULL);
    return leash_generator_close(generator);
}

static int takes_from_recurses(void *arg)
{
    return takes_two(leash_generator(recurses, arg));
}

static void assert_overflow(struct end end, int signal_number)
{
    const char *said = strstr(end.said, "leash: stack overflow in task #");
    assert_non_null(said);
    assert_non_null(strstr(said, "its stack is 64 KiB; use a larger stack_size"));
    assert_true(WIFSIGNALED(end.status));
    assert_int_equal(WTERMSIG(end.status), signal_number);
}

static void test_a_guard_is_hit(void **state)
{
    (void)state;
    assert_overflow(in_child(takes_from_recurses, false), SIGSEGV);
}

/* As a function would that needs 40 bytes more than there are. */
static void overrun(void)
{
    const char *low, *high;
    leash__context_bounds(leash__context_running, &low, &high);
    memset((char *)(uintptr_t)low - 40, 'x', 8);
}

static int overruns_and_yields(void *arg)
{
    overrun();
    return leash_yield(arg);
}

static int overruns_and_waits(void *arg)
{
    (void)arg;
    overrun();
    return leash_sleep(0);
}

static int overruns_and_ends(void *arg)
{
    (void)arg;
    overrun();
    return 0;
}

static int harmless(void *arg)
{
    leash_yield(arg);
    return leash_sleep(0);
}

static int takes_and_yields(void *arg)
{
    return takes_two(leash_generator(overruns_and_yields, arg));
}

static int takes_and_waits(void *arg)
{
    return takes_two(leash_generator(overruns_and_waits, arg));
}

static int takes_and_ends(void *arg)
{
    return takes_two(leash_generator(overruns_and_ends, arg));
}

static int takes_harmless(void *arg)
{
    return takes_two(leash_generator(harmless, arg));
}

/* The consumer's own stack, while it is the generator that runs. */
static int overruns_outside(void *arg)
{
    leash_generator_t generator = leash_generator(harmless, arg);
    leash_next(generator, NULL);
    overrun();
    leash_next(generator, NULL);
    return leash_sleep(0);
}

static void test_a_canary_is_looked_at_wherever_it_stops(void **state)
{
    (void)state;
    assert_overflow(in_child(takes_and_yields, true), SIGABRT);
    assert_overflow(in_child(takes_and_waits, true), SIGABRT);
    assert_overflow(in_child(takes_and_ends, true), SIGABRT);
    assert_overflow(in_child(overruns_outside, true), SIGABRT);
    struct end end = in_child(takes_harmless, true);
    assert_true(WIFEXITED(end.status));
    assert_int_equal(WEXITSTATUS(end.status), 0);
}

/* ---- the scan ---- */

struct scanned {
    struct leash_scan_result in_the_body, outside, at_last;
};

static int sleeps(void *arg)
{
    (void)arg;
    return leash_sleep(1);
}

/* One frame that holds a task's handle, and nothing else does. */
static __attribute__((noinline)) int holds_in_the_body(struct scanned *scanned)
{
    volatile leash_task_t held = leash_create_task(leash_coro(sleeps, NULL));
    int rc = leash_yield(NULL);
    if (rc == 0)
        leash_scan(&scanned->in_the_body); /* the consumer's frame is looked at too */
    leash_task_t task = held;
    held = NULL;
    int ended = leash_await(task, NULL);
    return rc < 0 ? rc : ended;
}

static int holds(void *arg)
{
    return holds_in_the_body(arg);
}

static __attribute__((noinline)) int holds_outside(struct scanned *scanned)
{
    volatile leash_task_t held = leash_create_task(leash_coro(sleeps, NULL));
    leash_generator_t generator = leash_generator(holds, scanned);
    leash_next(generator, NULL);
    leash_scan(&scanned->outside); /* the generator's stack is looked at while it rests */
    leash_next(generator, NULL);
    leash_task_t task = held;
    held = NULL;
    leash_await(task, NULL);
    return leash_generator_close(generator);
}

static __attribute__((noinline)) void loses(void)
{
    volatile leash_task_t lost = leash_create_task(leash_coro(sleeps, NULL));
    lost = NULL;
    (void)lost;
}

/* What was left in dead frames by whoever held the handle last. */
static __attribute__((noinline)) void wipe(void)
{
    volatile char frame[4096];
    memset((void *)(uintptr_t)frame, 0, sizeof frame);
}

static int is_scanned(void *arg)
{
    struct scanned *scanned = arg;
    int rc = holds_outside(scanned);
    loses();
    wipe();
    leash_scan(&scanned->at_last);
    return rc;
}

static void test_the_scan_finds_what_bodies_and_consumers_hold(void **state)
{
    struct scanned scanned = {.in_the_body = {.complete = -1}};
    (void)state;
    assert_int_equal(run_virtual(is_scanned, &scanned), 0);
    if (!scanned.outside.complete)
        skip(); /* sanitizers, Valgrind */
    assert_int_equal(scanned.outside.candidates, 2);
    assert_int_equal(scanned.outside.lost, 0);
    assert_int_equal(scanned.in_the_body.complete, 1);
    assert_int_equal(scanned.in_the_body.candidates, 2);
    assert_int_equal(scanned.in_the_body.lost, 0);
    assert_int_equal(scanned.at_last.lost, 1); /* the same scan does find what nobody holds */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_guard_is_hit),
        cmocka_unit_test(test_a_canary_is_looked_at_wherever_it_stops),
        cmocka_unit_test(test_the_scan_finds_what_bodies_and_consumers_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
