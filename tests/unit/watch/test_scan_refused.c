/* A system that refuses: no process_vm_readv, no way to read at all, no files, no memory. A scan that could not look
 * everywhere says so and reports nothing lost. Each case in a forked child, which is never the same again. */
#include "forbid.h"
#include "planting.h"
#include "test.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <ports.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char held[9];

static bool limit(int what, rlim_t value)
{
    return setrlimit((__rlimit_resource_t)what, &(struct rlimit){value, value}) == 0;
}

/* Runs the case in a child; its answer is 0 if all was well, else the number of the check that failed. */
static int in_child(int (*test)(void))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(test());
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + status;
}

/* 0 if the scan says that it is incomplete, for this reason, and that nothing is lost. */
static int says(int expected, const char *reason)
{
    int rc = leash__scan_memory(prepare(20, 3, NULL), &scanned);
    if (rc != expected)
        return 10;
    if (scanned.complete || scanned.lost || scanned.candidates != 3)
        return 11;
    if (!strstr(scanned.reason, reason))
        return 12;
    return answer() == 7 ? 0 : 13;
}

/* Then this process searches, and reads through the kernel. */
static int without_processes(void)
{
    plant(held, 0);
    if (!forbid_calls(SYS_clone, 0))
        return 1;
    return finds(0, NULL) && scanned.complete ? 0 : 2;
}

static int without_readv(void)
{
    plant(held, 0);
    if (!forbid_calls(SYS_process_vm_readv, SYS_clone))
        return 1;
    return finds(0, NULL) && scanned.complete ? 0 : 2;
}

static int without_any_reading(void)
{
    if (!forbid_calls(SYS_process_vm_readv, SYS_pread64) || !forbid_calls(SYS_clone, 0))
        return 1;
    return says(0, "process_vm_readv");
}

static int without_ioctl(void)
{
    plant(held, 4);
    if (!forbid_calls(SYS_ioctl, 0))
        return 1;
    return finds(4, NULL) && scanned.complete ? 0 : 2;
}

static int without_page_tables(void)
{
    plant(held, 6);
    if (!forbid_calls(SYS_ioctl, SYS_pread64))
        return 1;
    return finds(6, NULL) && scanned.complete ? 0 : 2;
}

static int without_files(void)
{
    if (!limit(RLIMIT_NOFILE, 0))
        return 1;
    return says(0, "/proc/self/maps");
}

static int without_memory(void)
{
    prepare(20, 3, NULL); /* maps the request's room */
    if (!limit(RLIMIT_AS, 1 << 20))
        return 1;
    return says(-ENOMEM, "memory");
}

/* Not dumpable: /proc/self/pagemap belongs to root then. */
static int undumpable(void)
{
    plant(held, 8);
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
        return getuid() ? 0 : 1; /* only root can try */
    return finds(8, NULL) && scanned.complete ? 0 : 2;
}

/* ---- beside another thread ---- */

static void *wait_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static bool other_thread(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, wait_for_ever, NULL) == 0;
}

static int threads_that_nobody_may_trace(void)
{
    if (!other_thread() || !forbid_calls(SYS_ptrace, 0))
        return 1;
    return says(0, "nobody stop them") + says(0, "stop_signal=N");
}

/* It kills the helper, and nobody else. */
static int threads_that_only_the_dead_trace(void)
{
    if (!other_thread() || !filter_calls(SYS_ptrace, 0, SECCOMP_RET_KILL_PROCESS))
        return 1;
    return says(0, "nobody stop them");
}

static int threads_of_an_undumpable_process(void)
{
    if (!other_thread() || prctl(PR_SET_DUMPABLE, 0) != 0 || setgid(65534) != 0 || setuid(65534) != 0)
        return getuid() ? 0 : 1;
    return says(0, "nobody stop them");
}

static int threads_and_no_helper(void)
{
    if (!other_thread() || !forbid_calls(SYS_clone, 0))
        return 1;
    return says(0, "no process can be started");
}

/* Only what would stop them is forbidden: the scan of one thread needs none of it. */
static int no_threads_to_stop(void)
{
    plant(held, 10);
    if (!forbid_calls(SYS_ptrace, SYS_clone))
        return 1;
    return finds(10, NULL) && scanned.complete ? 0 : 2;
}

static void *scan_beside_a_dead_main(void *main_thread)
{
    pthread_join(*(pthread_t *)main_thread, NULL);
    plant(held, 12);
    _exit(finds(12, NULL) && scanned.complete ? 0 : 2);
}

static int a_main_thread_that_ended(void)
{
    static pthread_t self;
    pthread_t thread;
    self = pthread_self();
    if (!other_thread() || pthread_create(&thread, NULL, scan_beside_a_dead_main, &self) != 0)
        return 1;
    pthread_exit(NULL);
}

#define CASE(name)                                                                                                     \
    static void scan_##name(void **state)                                                                              \
    {                                                                                                                  \
        (void)state;                                                                                                   \
        assert_int_equal(in_child(name), 0);                                                                           \
    }
CASE(without_processes)
CASE(without_readv)
CASE(without_any_reading)
CASE(without_ioctl)
CASE(without_page_tables)
CASE(without_files)
CASE(without_memory)
CASE(undumpable)
CASE(threads_that_nobody_may_trace)
CASE(threads_that_only_the_dead_trace)
CASE(threads_of_an_undumpable_process)
CASE(threads_and_no_helper)
CASE(no_threads_to_stop)
CASE(a_main_thread_that_ended)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scan_without_processes),
        cmocka_unit_test(scan_without_readv),
        cmocka_unit_test(scan_without_any_reading),
        cmocka_unit_test(scan_without_ioctl),
        cmocka_unit_test(scan_without_page_tables),
        cmocka_unit_test(scan_without_files),
        cmocka_unit_test(scan_without_memory),
        cmocka_unit_test(scan_undumpable),
        cmocka_unit_test(scan_threads_that_nobody_may_trace),
        cmocka_unit_test(scan_threads_that_only_the_dead_trace),
        cmocka_unit_test(scan_threads_of_an_undumpable_process),
        cmocka_unit_test(scan_threads_and_no_helper),
        cmocka_unit_test(scan_no_threads_to_stop),
        cmocka_unit_test(scan_a_main_thread_that_ended),
    };
    if (scan_is_off())
        return 0;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
