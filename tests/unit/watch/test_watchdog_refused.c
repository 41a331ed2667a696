/* The watchdog without memory, without a thread, and where the system refuses what it looks by: the program runs on as
 * it would, what can be found is found, and what cannot is said. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <malloc.h>
#include <ports.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "no_memory.h"
#include "watchdog.h"

/* ---- what is refused ---- */

static bool no_thread, no_clock, no_proc, no_signal, no_reading, no_stack; /* atomic, all */

static bool now(const bool *what)
{
    return __atomic_load_n(what, __ATOMIC_RELAXED);
}

typedef void *(*thread_fn)(void *argument);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_fn main, void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_fn main, void *argument);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, thread_fn main, void *argument)
{
    return now(&no_thread) ? EAGAIN : __real_pthread_create(thread, attributes, main, argument);
}

int __real_pthread_getcpuclockid(pthread_t thread, clockid_t *clock);
int __wrap_pthread_getcpuclockid(pthread_t thread, clockid_t *clock);
int __wrap_pthread_getcpuclockid(pthread_t thread, clockid_t *clock)
{
    return now(&no_clock) ? ENOENT : __real_pthread_getcpuclockid(thread, clock);
}

static int refuse(int error)
{
    errno = error;
    return -1;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return now(&no_proc) && strncmp(path, "/proc/", 6) == 0 ? refuse(EMFILE) : __real_open(path, flags, mode);
}

int __real_sigaction(int number, const struct sigaction *action, struct sigaction *before);
int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *before);
int __wrap_sigaction(int number, const struct sigaction *action, struct sigaction *before)
{
    return now(&no_signal) && number >= SIGRTMIN ? refuse(EINVAL) : __real_sigaction(number, action, before);
}

ssize_t __real_process_vm_readv(pid_t pid, const struct iovec *to, unsigned long to_count, const struct iovec *from,
                                unsigned long from_count, unsigned long flags);
ssize_t __wrap_process_vm_readv(pid_t pid, const struct iovec *to, unsigned long to_count, const struct iovec *from,
                                unsigned long from_count, unsigned long flags);
ssize_t __wrap_process_vm_readv(pid_t pid, const struct iovec *to, unsigned long to_count, const struct iovec *from,
                                unsigned long from_count, unsigned long flags)
{
    return now(&no_reading) ? refuse(EPERM) : __real_process_vm_readv(pid, to, to_count, from, from_count, flags);
}

int __real_sigaltstack(const stack_t *stack, stack_t *before);
int __wrap_sigaltstack(const stack_t *stack, stack_t *before);
int __wrap_sigaltstack(const stack_t *stack, stack_t *before)
{
    return now(&no_stack) ? refuse(EPERM) : __real_sigaltstack(stack, before);
}

/* ---- what is told ---- */

static unsigned found; /* leaks */
static char name[64], where[400];

void __real_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak);
void __wrap_leash__leak_found(const struct leash__leak *leak)
{
    found++;
    snprintf(name, sizeof name, "%s", leak->name);
    snprintf(where, sizeof where, "%s", leak->blocked ? leak->blocked : "");
    __real_leash__leak_found(leak);
}

static bool looked; /* at what blocks: whatever is said of it was said; atomic */

void __real_leash__block_found(struct leash__watched *watched, const struct leash__since *since, bool by_iteration);
void __wrap_leash__block_found(struct leash__watched *watched, const struct leash__since *since, bool by_iteration);
void __wrap_leash__block_found(struct leash__watched *watched, const struct leash__since *since, bool by_iteration)
{
    __real_leash__block_found(watched, since, by_iteration);
    __atomic_store_n(&looked, true, __ATOMIC_RELEASE);
}

static FILE *said; /* in place of standard error; ten such steps are told there in all */

static const char *said_text(void)
{
    static char text[4000];
    ssize_t length = pread(fileno(said), text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

/* ---- a program that blocks ---- */

static long fails_at; /* of the allocations, once it blocks; 0: none */
static double most;   /* seconds that it blocks, noticed or not */

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Until it was looked at. */
static int blocks(void *computes)
{
    double end = seconds() + most;
    no_memory_at(fails_at);
    while (!__atomic_load_n(&looked, __ATOMIC_ACQUIRE) && seconds() < end)
        if (!computes)
            usleep(1000);
    return 0;
}

static int app(void *computes)
{
    leash_task_t task = leash_create_task_named(leash_coro(blocks, computes), "blocks");
    return leash_await(task, NULL);
}

static int run(bool computes, double at_most)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.blocked_ms = 20;
    options.scan = 0;
    options.report = 1;
    most = at_most;
    found = 0;
    name[0] = where[0] = '\0';
    looked = false;
    rewind(said);
    assert_int_equal(ftruncate(fileno(said), 0), 0);
    int before = dup(STDERR_FILENO);
    dup2(fileno(said), STDERR_FILENO);
    int rc = leash_run_with(leash_coro(app, computes ? &found : NULL), &options, NULL);
    no_memory_at(0);
    dup2(before, STDERR_FILENO);
    close(before);
    return rc;
}

static void assert_found(bool computes)
{
    assert_int_equal(run(computes, 10), 0);
    assert_int_equal(found, 1);
}

/* What is in use no longer grows with the runs, once each place where it may be caught has been seen. */
static void assert_holds_nothing(void)
{
    enum { ROUNDS = 30 };
    size_t used = 0;
    for (int round = 0; round < ROUNDS; round++) {
        assert_found(false);
        assert_found(false);
        size_t now_used = mallinfo2().uordblks;
        if (now_used <= used)
            return;
        used = now_used;
    }
    fail_msg("each run holds more");
}

/* ---- tests ---- */

static void each_allocation_fails_once(void **state)
{
    long n = 1;
    (void)state;
    for (long failed = 1; failed > 0 && n < 300; n++) {
        fails_at = n;
        if (run(false, 10) != 0 || found != 1)
            fail_msg("allocation %ld: %u were found: %s", n, found, said_text());
        failed = no_memory_failed();
        assert_string_equal(name, "blocks");
    }
    fails_at = 0;
    assert_true(n > 2 && n < 300);
    assert_found(false);
    assert_non_null(strstr(where, "called by blocks"));
    assert_holds_nothing();
}

static void without_its_thread(void **state)
{
    (void)state;
    no_thread = true;
    assert_int_equal(run(true, 0.1), 0);
    assert_int_equal(found, 0);
    no_thread = false;
    assert_non_null(strstr(said_text(), "is not watched"));
    assert_found(true); /* the next loop tries again */
}

static void without_a_clock_of_its_threads(void **state)
{
    (void)state;
    no_clock = true;
    assert_int_equal(run(true, 0.1), 0);
    assert_int_equal(found, 0);
    no_clock = false;
    assert_found(true);
}

/* Without the thread that finds names for frames, without a signal, ...: it is found all the same. */
static void without_a_stack(void **state)
{
    bool *const refused[] = {&no_signal, &no_proc, &no_stack};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        *refused[i] = true;
        assert_found(true);
        *refused[i] = false;
        assert_string_equal(name, "blocks");
        assert_non_null(strstr(where, "for "));
    }
    assert_found(true);
    assert_non_null(strstr(where, "computing in "));
}

/* As in some containers. It is not said to be a callback, which it is not. */
static void without_leave_to_read_its_own_memory(void **state)
{
    (void)state;
    no_reading = true;
    assert_found(true);
    no_reading = false;
    assert_string_equal(name, "task");
    assert_non_null(strstr(said_text(), "a task has kept loop"));
}

/* It cannot be known whether it waits, or has to wait for the processor: that is no fault of the program. */
static void who_sleeps_unseen_is_not_found(void **state)
{
    (void)state;
    no_proc = true;
    assert_int_equal(run(false, 0.1), 0);
    no_proc = false;
    assert_int_equal(found, 0);
}

static int set_up(void **state)
{
    (void)state;
    said = tmpfile();
    return said ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_its_thread),
        cmocka_unit_test(without_leave_to_read_its_own_memory),
        cmocka_unit_test(each_allocation_fails_once),
        cmocka_unit_test(without_a_clock_of_its_threads),
        cmocka_unit_test(without_a_stack),
        cmocka_unit_test(who_sleeps_unseen_is_not_found),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
