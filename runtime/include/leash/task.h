/* Tasks: coroutines bound to a loop, each with a stack of its own, running beside one another. */
#ifndef LEASH_TASK_H
#define LEASH_TASK_H

#include <leash/coro.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_create_task(coro): binds coro to the running loop; its first step is queued at once. Never suspends. Takes the
 * coroutine over in every case: on failure it is left unused and counts as never awaited.
 * NULL and errno: EPERM no running event loop on this thread, EINVAL coro is NULL or was used before, ESTALE, ENOMEM.
 */
#define leash_create_task(...) leash__create_task((__VA_ARGS__), (const char *)0, LEASH_SITE(#__VA_ARGS__))
/* leash_create_task_named(coro, name): name is copied. */
#define leash_create_task_named(...) leash__create_task(__VA_ARGS__, LEASH_SITE(#__VA_ARGS__))

/* leash_create_task_eager(coro): as leash_create_task, but the body begins at once, inside this call, and runs until it
 * first waits or ends; then this call returns. If it has ended, the task is finished, and awaiting it does not yield.
 * To the task that makes it this is no wait: nothing is delivered to it, and what it can read it still can. From a
 * plain callback too; a function that drops an argument or a result makes a task of the usual kind. NULL and errno: as
 * above. Algorithm: CPython 3.12's Task(eager_start=True) (Lib/asyncio/tasks.py). */
#define leash_create_task_eager(...) leash__create_task_eager((__VA_ARGS__), (const char *)0, LEASH_SITE(#__VA_ARGS__))
/* leash_create_task_eager_named(coro, name): name is copied. */
#define leash_create_task_eager_named(...) leash__create_task_eager(__VA_ARGS__, LEASH_SITE(#__VA_ARGS__))

/* The task that runs now, NULL outside one. Carries no claim. */
LEASH_API leash_task_t leash_current_task(void);
/* Fills out with up to cap unfinished tasks of this thread's loop, in order of creation; returns how many there are.
 * out may be NULL. */
LEASH_API size_t leash_all_tasks(leash_task_t *out, size_t cap);

/* The task's name ("Task-3" if none was given), valid while the handle is. NULL and errno ESTALE, EINVAL. */
LEASH_API const char *leash_task_name(leash_task_t task);
/* 0, -ENOMEM, -ESTALE, -EINVAL. The name is copied. */
LEASH_API int leash_task_set_name(leash_task_t task, const char *name);

/* 1 finished (also for a stale handle), 0 not, -EINVAL never a handle. Task or future (or a coroutine: 1 when run). */
LEASH_API int leash_done(const void *handle);
/* 1 ended cancelled, 0 not, -ESTALE, -EINVAL. */
LEASH_API int leash_cancelled(const void *handle);
/* The outcome without waiting, delivered as by leash_await (settles the claim, counts as retrieved; a body that returns
 * the failure, or the cancellation, passes it on): the body's code, result in *result if it is not NULL. -EBUSY not
 * finished, -ESTALE, -EINVAL. */
LEASH_API int leash_result(const void *handle, void **result);

/* leash_cancel(handle, message): asks a task to end (asyncio's Task.cancel: counted, delivered at its next wait, passed
 * on to what it waits for), or ends a future as cancelled. message (may be NULL) is copied. 1 requested, 0 already
 * finished (or stale), -EINVAL, -EPERM wrong thread. */
#define leash_cancel(handle, ...) leash__cancel((handle), (__VA_ARGS__), LEASH_SITE(#handle))
/* The number of cancellation requests minus uncancels; -ESTALE, -EINVAL. */
LEASH_API int leash_cancelling(leash_task_t task);
/* Takes one request back and returns how many remain; -ESTALE, -EINVAL. */
LEASH_API int leash_uncancel(leash_task_t task);
/* The message of the cancellation that ended or awaits this handle; "" if none; NULL and errno ESTALE, EINVAL. */
LEASH_API const char *leash_cancel_message(const void *handle);

/* Calls fn(handle, arg) from the loop, in its own callback, once the handle is finished (soon, if it is already).
 * Settles nothing. 0, -ENOMEM, -ESTALE, -EINVAL, -EPERM wrong thread. */
LEASH_API int leash_add_done_callback(const void *handle, void (*fn)(void *handle, void *arg), void *arg);
/* Takes back every registration of that pair, also where it is queued already (asyncio's is called then); returns how
 * many. fn is not called with arg afterwards. */
LEASH_API int leash_remove_done_callback(const void *handle, void (*fn)(void *handle, void *arg), void *arg);

LEASH_API LEASH_MUST_USE leash_task_t leash__create_task(leash_coro_t coro, const char *name, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_task_t leash__create_task_eager(leash_coro_t coro, const char *name,
                                                               struct leash_site *site);
LEASH_API int leash__cancel(const void *handle, const char *message, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
