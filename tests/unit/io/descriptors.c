#include "descriptors.h"

#include <dirent.h>
#include <stdio.h>

#include "sink.h"

int run_really(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    return run_options(fn, arg, &options);
}

unsigned descriptors_open(void)
{
    unsigned count = 0;
    DIR *fds = opendir("/proc/self/fd");
    while (fds && readdir(fds))
        count++;
    closedir(fds);
    return count;
}

static int uses_libuv(void *arg)
{
    (void)arg;
    return leash_uv_loop() ? 0 : -1;
}

int descriptors_group(void **state)
{
    (void)state;
    return run_really(uses_libuv, NULL);
}

static unsigned before;

int descriptors_setup(void **state)
{
    (void)state;
    before = descriptors_open();
    return 0;
}

int descriptors_teardown(void **state)
{
    unsigned now = descriptors_open();
    (void)state;
    if (now != before)
        fprintf(stderr, "%u descriptors were open before, %u are now\n", before, now);
    return now == before ? 0 : -1;
}

/* ---- for ThreadSanitizer ---- */

/* libuv closes descriptors with system calls of its own, which it does not see: one that another thread is given next
 * looks like a race to it. And threads may begin in a forked child that had some. Nobody calls these elsewhere. */
__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void);
__attribute__((visibility("default"))) const char *__tsan_default_suppressions(void) // NOLINT: its name
{
    return "race:epoll_create1\nrace:eventfd\nrace:pipe2\nrace:socket\n";
}

__attribute__((visibility("default"))) const char *__tsan_default_options(void);
__attribute__((visibility("default"))) const char *__tsan_default_options(void) // NOLINT: its name
{
    return "die_after_fork=0";
}
