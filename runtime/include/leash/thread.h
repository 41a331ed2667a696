/* Threads for what would block the loop: asyncio's to_thread and run_in_executor.
 *
 *     leash_future_t sum = leash_to_thread(add_up, &numbers);    // runs from now on, on a thread of a pool
 *     ...
 *     int rc = leash_await(sum, &result);                        // or gather, wait_for, shield, ...
 *
 * The pool is one a process, for all its loops. It makes a thread when a job comes and none is free, at most
 * min(32, processors + 4), as CPython, or as option `threads` of the loop that made the last job says; further jobs
 * wait, first come, first served. Names of threads are leash-job-N. They block all signals but those that their own
 * instructions raise, and `stop_signal` (leash/scan.h), and so does what they start by exec.
 *
 * Inside a job leash_return, leash_return_copy, leash_return_own and leash_fail work as in the body of a coroutine, and
 * leash_local_get gives the values of whoever made the job, of which it has a copy. leash_call_soon_threadsafe and
 * leash_run_coroutine_threadsafe reach loops. All else is refused with -EPERM; but a job may run a loop of its own with
 * leash_run.
 *
 * At the end of leash_run the loop waits for its jobs after its tasks have ended, as asyncio.run does; also for those
 * that wait for a thread: they are done, unless their futures were cancelled. No more can begin then (-ESHUTDOWN). What
 * lasts longer than `cleanup_timeout` is named and given up: a thread that does it goes on, what waits is never done.
 * exit() begins no job any more, waits for those that are being done, as long as that at most, and joins the threads.
 * A child that a job forks ends, with exit(0), when the function returns; a forked child has no pool but its own. */
#ifndef LEASH_THREAD_H
#define LEASH_THREAD_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_to_thread(fn, arg): calls fn(arg), which returns 0 or more, or a negative errno, on a thread of the pool.
 * Returns a future for its code, result or failure; the job begins whether it is awaited or not. What arg
 * points at must be there until the function returns, which may be after the future was cancelled. Cancelling the
 * future takes a job back that no thread has begun, in the next iteration; one that is being done goes on, and its
 * result is dropped when it comes. A function that ends its thread has failed with -ESRCH. Never suspends. NULL and
 * errno: EPERM no running event loop on this thread, EINVAL fn is NULL, EAGAIN no thread can be made, ESHUTDOWN (see
 * above), EMFILE no descriptor is left to wake the loop by, ENOMEM. */
#define leash_to_thread(fn, ...) leash__to_thread((fn), (__VA_ARGS__), LEASH_SITE(#fn))

/* leash_to_thread_copy(fn, ptr, size): fn gets a private copy of size bytes at ptr, aligned as malloc would, freed when
 * the job has ended. */
#define leash_to_thread_copy(fn, ...) leash__to_thread_copy((fn), __VA_ARGS__, LEASH_SITE(#fn))

/* leash_to_thread_own(fn, arg, drop): drop(arg) is called if fn never is (cancelled, given up at the end of the run),
 * also when this very call fails: nothing that the argument owns is lost. It runs outside of any task. Results of
 * leash_return_own that nobody gets are dropped on the loop's thread; after the loop's end on the job's. */
#define leash_to_thread_own(fn, ...) leash__to_thread_own((fn), __VA_ARGS__, LEASH_SITE(#fn))

LEASH_API LEASH_MUST_USE leash_future_t leash__to_thread(leash_fn_t fn, void *arg, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_future_t leash__to_thread_copy(leash_fn_t fn, const void *ptr, size_t size,
                                                              struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_future_t leash__to_thread_own(leash_fn_t fn, void *arg, void (*drop)(void *),
                                                             struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
