#include "descriptors.h"

#include <stdio.h>

#include "open_descriptors.h"
#include "sink.h"

int run_really(leash_fn_t fn, void *arg)
{
    struct leash_options options = LEASH_OPTIONS_INIT;
    options.virtual_time = 0;
    return run_options(fn, arg, &options);
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

static int before;

int descriptors_setup(void **state)
{
    (void)state;
    before = open_descriptors();
    return 0;
}

int descriptors_teardown(void **state)
{
    int now = open_descriptors();
    (void)state;
    if (now != before)
        fprintf(stderr, "%d descriptors were open before, %d are now\n", before, now);
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
