/* Waiting: await, sleep, gather, wait, wait_for, shield, as_completed. All but gather and shield may suspend the
 * calling task and must be called inside one, on its loop's thread (-EPERM otherwise). Every wait may return
 * -ECANCELED. `errno` is meaningless after a wait. Times are seconds of the loop's clock. The order in which things
 * wake is CPython 3.11's (Lib/asyncio/tasks.py, futures.py). */
#ifndef LEASH_AWAIT_H
#define LEASH_AWAIT_H

#include <leash/coro.h>
#include <leash/task.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_await(handle, result): waits for a task or future, or runs a coroutine inline on this stack (no trip through
 * the loop). Returns its code; its result is stored in *result unless result is NULL (untouched on failure). A result
 * made by leash_return_copy or leash_return_own lives until the calling task suspends or ends.
 * -ECANCELED: this task or what it waits for was cancelled. -EINVAL: NULL, never a handle, the running task itself, or
 * a coroutine that was used before (`awaited-twice`). -ESTALE. -EPERM. -ENOMEM. */
#ifndef __cplusplus
/* clang-format off */
#define leash_await(handle, ...)                                                                                       \
    _Generic((handle), leash_coro_t: leash__await_coro, leash_task_t: leash__await_task,                               \
             leash_future_t: leash__await_future, default: leash__await_any)                                           \
        ((handle), (__VA_ARGS__), LEASH_SITE(#handle))
/* clang-format on */
#else
#define leash_await(handle, ...) leash__await_overload((handle), (__VA_ARGS__), LEASH_SITE(#handle))
#endif

/* leash_sleep(seconds): 0 (or less) yields for one iteration. 0, -ECANCELED, -EPERM. */
#define leash_sleep(seconds) leash__sleep((seconds), LEASH_SITE("leash_sleep"))

/* gather: runs everything at the same time and returns a future for all the outcomes; coroutines become tasks, from
 * left to right. The first failure ends the future at once (the others run on); with LEASH_RETURN_FAILURES failures
 * stand among the outcomes instead. Its result is a `struct leash_outcome[n]`, in order of the call, which lives as
 * long as the future. Takes over the duty for its members. Cancelling it cancels them. Never suspends. NULL and errno:
 * EINVAL (leash_last_error() names the member), ESTALE, ENOMEM, EPERM. */
enum { LEASH_RETURN_FAILURES = 1 };
struct leash_outcome {
    int rc;       /* the member's code */
    void *result; /* NULL if it failed */
};
#define leash_gather_array(items, n, flags) leash__gather((items), (n), (flags), LEASH_SITE("leash_gather"))
/* leash_gather_wait_array(items, n, flags, outcomes): the same, blocks, and fills outcomes[n] (may be NULL). Returns
 * 0 or the first failure (outcomes untouched then, unless LEASH_RETURN_FAILURES). */
#define leash_gather_wait_array(items, n, flags, outcomes)                                                             \
    leash__gather_wait((items), (n), (flags), (outcomes), LEASH_SITE("leash_gather_wait"))
#ifndef __cplusplus
/* leash_gather(a, b, ...) and leash_gather_all(a, b, ...) (failures returned): a future. */
#define leash_gather(...)                                                                                              \
    leash__gather(LEASH__ITEMS(__VA_ARGS__), LEASH__COUNT(__VA_ARGS__), 0, LEASH_SITE("leash_gather"))
#define leash_gather_all(...)                                                                                          \
    leash__gather(LEASH__ITEMS(__VA_ARGS__), LEASH__COUNT(__VA_ARGS__), LEASH_RETURN_FAILURES,                         \
                  LEASH_SITE("leash_gather_all"))
/* leash_gather_wait(outcomes, a, b, ...): blocks. */
#define leash_gather_wait(outcomes, ...)                                                                               \
    leash__gather_wait(LEASH__ITEMS(__VA_ARGS__), LEASH__COUNT(__VA_ARGS__), 0, (outcomes),                            \
                       LEASH_SITE("leash_gather_wait"))
#define LEASH__ITEMS(...) ((leash_awaitable_t[]){__VA_ARGS__})
/* sizeof does not evaluate: nothing is created twice. */
#define LEASH__COUNT(...) (sizeof((leash_awaitable_t[]){__VA_ARGS__}) / sizeof(leash_awaitable_t))
#endif

/* leash_wait(items, n, when, timeout, done): waits for tasks and futures without looking at their outcomes; settles
 * nothing, cancels nothing. timeout < 0: none. done[i] (may be NULL) is set to 1 or 0. Returns how many are done;
 * -EINVAL n is 0, or an item is a coroutine or no handle; -ESTALE, -ECANCELED, -EPERM. */
enum leash_when { LEASH_FIRST_COMPLETED, LEASH_FIRST_FAILURE, LEASH_ALL_COMPLETED };
#define leash_wait(items, n, when, timeout, done)                                                                      \
    leash__wait((items), (n), (when), (timeout), (done), LEASH_SITE("leash_wait"))

/* leash_wait_for(handle, timeout, result): awaits with a limit; when it is over, cancels what it waits for, waits for
 * that to end, and returns -ETIMEDOUT. timeout < 0: none. Takes the duty over. With a limit the running task may wait
 * for itself, as in CPython: it is cancelled when the limit is over. Else as leash_await. */
#define leash_wait_for(handle, timeout, ...) leash__wait_for((handle), (timeout), (__VA_ARGS__), LEASH_SITE(#handle))

/* leash_shield(handle): a future that follows handle; cancelling the future does not cancel handle. Returns handle's
 * own future if it is finished. Never suspends. NULL and errno as leash_gather. */
#define leash_shield(...) leash__shield((__VA_ARGS__), LEASH_SITE(#__VA_ARGS__))

/* as_completed: outcomes in the order in which they come.
 *     struct leash_as_completed *it = leash_as_completed(items, n, -1);
 *     while ((rc = leash_next_completed(it, &index, &result)) != -ENODATA) ...
 *     leash_as_completed_free(it);
 * next returns the member's code with its index in *index (may be NULL); -ETIMEDOUT (index SIZE_MAX) when the time is
 * over; -ECANCELED (index SIZE_MAX) when this task was cancelled; -ENODATA when there are no more, or another task
 * freed the iteration; -EINVAL: it is NULL, another task waits on it, or its loop has ended (free it all the same). */
struct leash_as_completed;
#define leash_as_completed(items, n, timeout)                                                                          \
    leash__as_completed((items), (n), (timeout), LEASH_SITE("leash_as_completed"))
LEASH_API int leash_next_completed(struct leash_as_completed *it, size_t *index, void **result);
LEASH_API void leash_as_completed_free(struct leash_as_completed *it); /* NULL is fine */

LEASH_API int leash__await_coro(leash_coro_t coro, void **result, struct leash_site *site);
LEASH_API int leash__await_task(leash_task_t task, void **result, struct leash_site *site);
LEASH_API int leash__await_future(leash_future_t future, void **result, struct leash_site *site);
LEASH_API int leash__await_any(const void *handle, void **result, struct leash_site *site);
LEASH_API int leash__sleep(double seconds, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_future_t leash__gather(const leash_awaitable_t *items, size_t n, unsigned flags,
                                                      struct leash_site *site);
LEASH_API int leash__gather_wait(const leash_awaitable_t *items, size_t n, unsigned flags,
                                 struct leash_outcome *outcomes, struct leash_site *site);
LEASH_API int leash__wait(const leash_awaitable_t *items, size_t n, enum leash_when when, double timeout,
                          unsigned char *done, struct leash_site *site);
LEASH_API int leash__wait_for(const void *handle, double timeout, void **result, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_future_t leash__shield(const void *handle, struct leash_site *site);
LEASH_API LEASH_MUST_USE struct leash_as_completed *leash__as_completed(const leash_awaitable_t *items, size_t n,
                                                                        double timeout, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
