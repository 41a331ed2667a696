/* How long libuv sleeps for the loop. */
#include "test.h"

#include <errno.h>
#include <leash.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include "sink.h"

static bool is_slow; /* the machine has other things to do just before libuv looks at its timers */

int __real_uv_run(uv_loop_t *uv, uv_run_mode mode);
int __wrap_uv_run(uv_loop_t *uv, uv_run_mode mode);

int __wrap_uv_run(uv_loop_t *uv, uv_run_mode mode)
{
    enum { LATE_NS = 20000000 };
    for (uint64_t began = uv_hrtime(); is_slow && uv_hrtime() - began < LATE_NS;)
        ;
    return __real_uv_run(uv, mode);
}

/* Interposed: libuv's calls come here. */
__attribute__((visibility("default"))) int epoll_pwait(int epoll, struct epoll_event *events, int count, int timeout,
                                                       const sigset_t *mask)
{
    if (is_slow && timeout < 0) {
        fputs("libuv waits, and nothing will end it\n", stderr);
        _exit(1);
    }
    return (int)syscall(SYS_epoll_pwait, epoll, events, count, timeout, mask, _NSIG / 8);
}

__attribute__((visibility("default"))) int epoll_wait(int epoll, struct epoll_event *events, int count, int timeout)
{
    return epoll_pwait(epoll, events, count, timeout, NULL);
}

static int sleeps(void *arg)
{
    (void)arg;
    if (!leash_uv_loop())
        return -errno;
    is_slow = true;
    int rc = leash_sleep(0.01);
    is_slow = false;
    return rc;
}

static void test_a_limit_that_passes_before_the_wait(void **state)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    (void)state;
    options.virtual_time = 0;
    assert_int_equal(run_options(sleeps, NULL, &options), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_a_limit_that_passes_before_the_wait)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
