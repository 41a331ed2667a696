/* The loop's libuv, for its handles and for libraries that are built on it. Its callbacks run between two iterations,
 * outside of tasks: they must not wait, but may finish futures that tasks wait for. */
#ifndef LEASH_UV_H
#define LEASH_UV_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

struct uv_loop_s;

/* The uv_loop_t of the running loop, made at the first call; it lives until leash_run returns. The loop runs it: never
 * call uv_run or uv_loop_close on it. A handle that is active and referenced is something to wait for, so that its loop
 * takes no standstill for the end. libuv's own timers go by the real clock, also with option virtual_time. Close your
 * handles before main ends, in a task that awaits the close callback; the end of the run closes those left open without
 * their callbacks, and their memory must be there until then. NULL and errno: EPERM no running event loop on this
 * thread, EMFILE, ENOMEM. Never suspends. */
LEASH_API struct uv_loop_s *leash_uv_loop(void);

#ifdef __cplusplus
}
#endif
#endif
