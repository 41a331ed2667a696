/* Reaching a loop from other threads: all but leash_running_loop may be called on any thread, and nothing else reaches
 * another thread's loop, its tasks, futures or objects: that is refused with -EPERM, and recorded. Coroutines can be
 * made anywhere. */
#ifndef LEASH_REMOTE_H
#define LEASH_REMOTE_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A loop, for other threads. Like every handle it is a value: when its loop has ended it is stale. */
typedef struct leash_loop_ *leash_loop_t;

/* The loop that runs on this thread. From then on it does not take a standstill for the end as long as the process has
 * threads that are neither leash's own nor declared (leash/waker.h). NULL and errno: EPERM no running event loop,
 * EMFILE or ENOMEM no descriptor left to wake it by. Never suspends. */
LEASH_API leash_loop_t leash_running_loop(void);

/* Calls fn(arg) from the loop, soon: calls of one thread in their order. fn must not wait. Any thread, a signal handler
 * not. Never blocks for long. 0; -ESTALE the loop has ended; -EINVAL no loop's handle, or fn is NULL; -ENOMEM. What the
 * loop did not get to when it ends is not called. */
LEASH_API int leash_call_soon_threadsafe(leash_loop_t loop, void (*fn)(void *arg), void *arg);

/* leash_run_coroutine_threadsafe(loop, coro): makes a task of coro on that loop and returns what the calling thread can
 * wait on: asyncio's concurrent.futures.Future. Free it with leash_remote_free. Takes the coroutine over, the duty for
 * the task too. Make the coroutine where no loop runs: one of another loop than this comes to nothing (-EPERM is what
 * leash_remote_result says). Any thread. NULL and errno: ESTALE the loop has ended, or the coroutine is gone; EINVAL no
 * loop's handle, no coroutine, or one that was used before; ENOMEM; the coroutine is left unused then.
 * The functions below must not be given NULL, but where they say so. */
struct leash_remote;
#define leash_run_coroutine_threadsafe(loop, ...)                                                                      \
    leash__run_coroutine_threadsafe((loop), (__VA_ARGS__), LEASH_SITE(#__VA_ARGS__))

/* Blocks this thread until the task is finished, at most timeout seconds of real time (negative: no limit). Returns the
 * task's code, its result in *result (may be NULL), which lives until leash_remote_free. -ETIMEDOUT it is not finished
 * (it goes on), or the task failed with that: leash_remote_done tells; -ECANCELED, also if the loop ended before it
 * did; -ESTALE the loop ended before it could begin; -EDEADLK this is the loop's own thread: await the coroutine
 * instead; -EINVAL NULL. Not the loop's thread; from another loop's thread it blocks that loop. */
LEASH_API int leash_remote_result(struct leash_remote *remote, double timeout, void **result);
/* 1 finished, 0 not. Any thread. */
LEASH_API int leash_remote_done(struct leash_remote *remote);
/* Asks the task to end. 1 asked, 0 it is finished, or its loop is; -ENOMEM. Any thread; does not wait. */
LEASH_API int leash_remote_cancel(struct leash_remote *remote);
/* What it failed with: code and message, not the place; the string lives until leash_remote_free. 0; -ENODATA it did
 * not fail; -EBUSY not finished. Any thread. */
LEASH_API int leash_remote_failure(struct leash_remote *remote, struct leash_failure *out);
/* Lets go of it, finished or not: the task is not cancelled by that. NULL is fine. Any thread. */
LEASH_API void leash_remote_free(struct leash_remote *remote);

LEASH_API LEASH_MUST_USE struct leash_remote *leash__run_coroutine_threadsafe(leash_loop_t loop, leash_coro_t coro,
                                                                              struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
