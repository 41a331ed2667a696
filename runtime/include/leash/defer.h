/* Deferred functions: clean-up that runs on every way out of a body. What `async with` and `finally` are in Python.
 *
 *     static int app(void *arg)
 *     {
 *         struct connection *connection;
 *         int rc = leash_await(leash_coro(connect_to, arg), (void **)&connection);
 *         if (rc < 0 || (rc = leash_defer(hang_up, connection)) < 0)
 *             return rc;
 *         ...
 *         return rc;                          // here hang_up(connection) runs, also if the task was cancelled
 *     }
 *
 * They belong to the running body: that of the task, of a coroutine that it awaits inline, of a generator. When its
 * function has returned, they run in reverse order of their registration, as part of the task and on its stack, before
 * anybody sees the body's outcome. They are bodies of their own: they may wait, fail, and defer. Timeouts and groups
 * that the body left open are closed in their place in that order.
 *
 * A deferred function that returns 0 or more changes nothing. What it fails with takes the place of the body's outcome,
 * as an exception in `finally` does, and the next one runs all the same. A cancellation that it meets is one of the
 * task: it fails with -ECANCELED if it returns that, and has swallowed it if it does not. A task that is being
 * cancelled already is not cancelled a second time by its waiting.
 *
 * They do not run for a body that never returns: one whose stack is thrown away, because its task would not end at the
 * end of the run (that is told on stderr), and one that exit() was called under. All: the loop's thread, never
 * suspend. */
#ifndef LEASH_DEFER_H
#define LEASH_DEFER_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

/* fn(arg) will run when the running body has returned. 0; -EPERM not inside a body; -EINVAL fn is NULL; -ENOMEM. */
LEASH_API LEASH_MUST_USE int leash_defer(leash_fn_t fn, void *arg);
/* Takes back the youngest registration of that pair by the running body. 1; 0 there is none; -EPERM. */
LEASH_API int leash_undefer(leash_fn_t fn, void *arg);

#ifdef __cplusplus
}
#endif
#endif
