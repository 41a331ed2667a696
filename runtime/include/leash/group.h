/* Task groups: tasks that are over when a part of a body is. Asyncio's TaskGroup.
 *
 *     leash_group_t group = leash_group_begin();
 *     leash_task_t left = leash_group_create_task(group, leash_coro(fetch, &first));
 *     leash_task_t right = leash_group_create_task(group, leash_coro(fetch, &second));
 *     int rc = leash_group_end(group, more_work());     // waits for both
 *     if (rc == 0)
 *         leash_result(left, &result);
 *
 * If one of its tasks fails, the group cancels the others, and the body that opened it, wherever that waits; then it is
 * aborting. So it is when the body hands a failure or a cancellation to leash_group_end. A task that ends cancelled is
 * no failure.
 *
 * The group takes over the duty for its tasks. Their handles can be read (leash_result, leash_failure, ...) until the
 * group has ended and the task that ended it suspends. That costs memory for each as long as the group is open: give
 * back with leash_unref() what nobody will read, or make the task with leash_group_spawn().
 *
 * A group that is still open when its body returns ends then, as if the body had returned leash_group_end(group, rc):
 * no task outlives the body. Groups nest, and may be ended in any order. Algorithm: CPython 3.11's TaskGroup
 * (Lib/asyncio/taskgroups.py). All: the loop's thread (-EPERM). */
#ifndef LEASH_GROUP_H
#define LEASH_GROUP_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_group_ *leash_group_t;

/* Opens a group in the running body. Never suspends. NULL and errno: EPERM not inside a task, ENOMEM. */
#define leash_group_begin() leash__group_begin((const char *)0, LEASH_SITE("leash_group_begin"))
/* leash_group_begin_named(name): the name shows in traces and dumps; it is copied. */
#define leash_group_begin_named(name) leash__group_begin((name), LEASH_SITE("leash_group_begin"))

/* leash_group_create_task(group, coro): a task of the group; its first step is queued at once. From any task or
 * callback of the loop. Never suspends. On failure the coroutine is left unused, and counts as never awaited.
 * NULL and errno: EINVAL the group is aborting or over, or coro is NULL or was used before; ESTALE the group is gone;
 * ENOMEM; EPERM. */
#define leash_group_create_task(group, ...)                                                                            \
    leash__group_create_task((group), (__VA_ARGS__), (const char *)0, LEASH_SITE(#__VA_ARGS__))
/* leash_group_create_task_named(group, coro, name): name is copied. */
#define leash_group_create_task_named(group, ...)                                                                      \
    leash__group_create_task((group), __VA_ARGS__, LEASH_SITE(#__VA_ARGS__))
/* leash_group_spawn(group, coro): the same without a handle: nothing of the task is kept when it has ended, unless it
 * failed. 0, or as above as a negative errno. */
#define leash_group_spawn(group, ...) leash__group_spawn((group), (__VA_ARGS__), LEASH_SITE(#__VA_ARGS__))

/* Waits until every task of the group has ended; `rc` is how the body went meanwhile. Suspends if there are any.
 * Returns rc, if it is 0 or more and no task failed; the code of the first failure, if a task failed, or rc is a
 * failure (then that, if no task failed before); -ECANCELED, if the body or this wait was cancelled by somebody else
 * than the group, and no task failed. So a failure takes precedence over a cancellation, and leash_group_failures()
 * tells one from the other: after a cancellation there are none. The failure's message names what failed ("2 of 3 tasks
 * failed: fetch: EIO: no host; ..."), its origin is that of the first, and a body that returns the code passes both on.
 * -EPERM not inside a task; -EINVAL (rc unused) the group belongs to another task, or is over; -ESTALE it is gone. */
LEASH_API int leash_group_end(leash_group_t group, int rc);

/* What failed so far: the tasks, in the order in which they did, then the body, which fails by what it hands to
 * leash_group_end. Fills out (may be NULL) with up to cap of them and returns how many there are. Can be called while
 * the group is open, and after its end until the task suspends; the strings live as long. Never suspends. -ESTALE,
 * -EINVAL. */
LEASH_API int leash_group_failures(leash_group_t group, struct leash_failure *out, size_t cap);

LEASH_API LEASH_MUST_USE leash_group_t leash__group_begin(const char *name, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_task_t leash__group_create_task(leash_group_t group, leash_coro_t coro, const char *name,
                                                               struct leash_site *site);
LEASH_API LEASH_MUST_USE int leash__group_spawn(leash_group_t group, leash_coro_t coro, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
