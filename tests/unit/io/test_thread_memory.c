/* No memory, and no threads, for threads' jobs, files and signals: each allocation of a scenario fails once, by
 * countdown. Never a crash, never a leak (LeakSanitizer looks at the end), never a descriptor left open, nothing
 * dropped twice or not at all; what was refused says why. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <leash.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "no_memory.h"
#include "open_descriptors.h"
#include "sink.h"

int __real_asprintf(char **to, const char *format, ...);
int __wrap_asprintf(char **to, const char *format, ...);
int __wrap_asprintf(char **to, const char *format, ...)
{
    va_list arguments;
    if (no_memory_now())
        return -1;
    va_start(arguments, format);
    int length = vasprintf(to, format, arguments);
    va_end(arguments);
    return length;
}

int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*fn)(void *), void *arg)
{
    return no_memory_now() ? EAGAIN : __real_pthread_create(thread, attributes, fn, arg);
}

static struct seen {
    int bad;
    int given, called, dropped; /* arguments */
} seen;

static char path[64];
static struct leash_local key = LEASH_LOCAL_INIT;

/* Remembers what is no business of the scenario. */
static void check(int rc)
{
    if (rc < 0 && rc != -ENOMEM && rc != -EAGAIN && rc != -EIO)
        seen.bad = rc;
}

static void drops(void *arg)
{
    (void)arg;
    __atomic_fetch_add(&seen.dropped, 1, __ATOMIC_RELAXED);
}

static int works(void *arg)
{
    __atomic_fetch_add(&seen.called, 1, __ATOMIC_RELAXED);
    return leash_return_copy(arg, 5);
}

static int fails(void *arg)
{
    return leash_fail(-EIO, "%s", (const char *)arg);
}

static void jobs(void)
{
    leash_local_set(&key, &seen);
    seen.given++;
    leash_future_t first = leash_to_thread_own(works, text("argument"), drops);
    leash_future_t second = leash_to_thread_copy(fails, "why", 4);
    if (first)
        check(leash_await(first, NULL));
    if (second)
        check(leash_await(second, NULL));
}

static void files(void)
{
    char bytes[8], *data = NULL;
    struct stat status;
    check(leash_write_file(path, "hello", 5));
    int fd = leash_file_open(path, O_RDWR | O_CREAT, 0600);
    check(fd);
    if (fd >= 0) {
        check(leash_file_write(fd, "hello", 5));
        check(leash_file_pread(fd, bytes, sizeof bytes, 0));
        check(leash_file_fstat(fd, &status));
        check(leash_file_fsync(fd));
        check(leash_file_close(fd)); /* closed in any case */
    }
    check(leash_read_file(path, &data, NULL));
    free(data);
    check(leash_file_rename(path, path));
}

static void raises(void *arg)
{
    (void)arg;
    raise(SIGHUP);
}

static void ignores(int number, void *arg)
{
    (void)number;
    (void)arg;
}

static void signals(void)
{
    leash_signal_t signal = leash_signal_open(SIGHUP);
    check(leash_add_signal_handler(SIGHUP, ignores, NULL));
    if (signal) {
        raise(SIGHUP);
        check(leash_signal_next(signal) == 1 ? 0 : -EPROTO);
        check(leash_signal_close(signal));
    }
    if (leash_call_later(0.1, raises, NULL))
        check(leash_signal_wait(SIGHUP));
}

static int scenario(void *arg)
{
    (void)arg;
    signal(SIGHUP, SIG_IGN);
    jobs();
    files();
    signals();
    return 0;
}

static int has_libuv(void *arg)
{
    (void)arg;
    return leash_uv_loop() ? 0 : -ENOMEM;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    assert_int_equal(run_virtual(has_libuv, NULL), 0); /* it opens some descriptors for good */
    int before = open_descriptors();
    for (long n = 1; n < 1000; n++) {
        memset(&seen, 0, sizeof seen);
        no_memory_at(n);
        int rc = run_virtual(scenario, NULL);
        no_memory_at(0);
        assert_int_equal(seen.bad, 0);
        assert_true(rc == 0 || rc == -ENOMEM || rc == -EINVAL);
        assert_int_equal(seen.called + seen.dropped, seen.given);
        assert_int_equal(open_descriptors(), before);
        if (no_memory_failed() == 0) {
            assert_true(n > 30); /* the countdown really reached into the scenario */
            return;
        }
    }
    fail_msg("the scenario never ends without a failure");
}

int main(void)
{
    setenv("LEASH_OPTIONS", "report=0", 1);
    snprintf(path, sizeof path, "/tmp/leash-memory-%d", (int)getpid());
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once)};
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return rc;
}
