/* Coroutines: calls that were made but not run, and how their bodies end.
 *
 * Handles (leash_coro_t, leash_task_t, leash_future_t, ...) are opaque values. They are never dereferenced: a stale one
 * is answered with -ESTALE, what was never a handle with -EINVAL, and leash_last_error() says what became of it. */
#ifndef LEASH_CORO_H
#define LEASH_CORO_H

#include <leash/site.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_coro_ *leash_coro_t;
typedef struct leash_task_ *leash_task_t;
typedef struct leash_future_ *leash_future_t;
/* Any of the three, where an array or a callback must take all kinds. */
typedef void *leash_awaitable_t;

/* A coroutine function: 0 or more is success, a negative errno is failure. -ECANCELED counts as cancelled only if a
 * cancellation was delivered to the body; else it is a failure like any other. */
typedef int (*leash_fn_t)(void *arg);

/* leash_coro(fn, arg): a coroutine object that will call fn(arg). It does not run until it is awaited or a task takes
 * it. Never suspends. Any thread; the object belongs to the thread's running loop, or to the loop that first takes it.
 * NULL and errno: EINVAL fn is NULL, ENOMEM. */
#define leash_coro(fn, ...) leash__coro((fn), (__VA_ARGS__), LEASH_SITE(#fn))

/* leash_coro_copy(fn, ptr, size): as leash_coro, but fn gets a private copy of size bytes at ptr, aligned as malloc
 * would, freed when the coroutine is. */
#define leash_coro_copy(fn, ...) leash__coro_copy((fn), __VA_ARGS__, LEASH_SITE(#fn))

/* leash_coro_own(fn, arg, drop): as leash_coro, but drop(arg) is called if the body never runs (closed, never awaited,
 * cancelled before its first step, or refused for want of memory): nothing the argument owns is lost. When creation
 * itself fails, drop is called too. Like that of leash_return_own it runs outside of any task: it must not wait. */
#define leash_coro_own(fn, ...) leash__coro_own((fn), __VA_ARGS__, LEASH_SITE(#fn))

/* Throws an unstarted coroutine away on purpose. 0; -EINVAL it was awaited or given away already; -ESTALE. */
LEASH_API int leash_close(leash_coro_t coro);

/* Inside a body: sets its result, a pointer, and returns 0, so that a body can end with `return leash_return(p);`.
 * -EPERM outside a body. */
LEASH_API int leash_return(void *result);
/* The result is a private copy of size bytes; it lives as long as the cell of the coroutine or task (see
 * leash/claim.h). -ENOMEM, -EPERM. */
LEASH_API int leash_return_copy(const void *ptr, size_t size);
/* The result is ptr, and drop(ptr) is called when the cell goes. On failure (-EPERM) drop is called at once. */
LEASH_API int leash_return_own(void *ptr, void (*drop)(void *));

/* leash_fail(code, fmt, ...): inside a body: notes message and site for the failure and returns code (a negative
 * errno; 0 or more is answered with -EINVAL). */
#define leash_fail(code, ...) leash__fail((code), LEASH_SITE("leash_fail"), __VA_ARGS__)

/* What a failed coroutine, task or future failed with. The strings live as long as the handle. */
struct leash_failure {
    int code;            /* negative errno */
    const char *message; /* of leash_fail; "" if none was given */
    const char *file;    /* where leash_fail was called; NULL if the code was just returned */
    const char *func;
    unsigned line;
};
/* Reads the failure of a finished handle without retrieving it. 0; -ENODATA it did not fail; -EBUSY not finished;
 * -ESTALE, -EINVAL. A body that returns its child's code passes on its message and origin. */
#ifdef __cplusplus /* -Wshadow: the function has the struct's name, as stat(2) has */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif
LEASH_API int leash_failure(const void *handle, struct leash_failure *out);
#ifdef __cplusplus
#pragma GCC diagnostic pop
#endif

/* This thread's last refused call in one sentence: what was refused, why, what to do. Never NULL; valid until the next
 * refused call on this thread. */
LEASH_API const char *leash_last_error(void);

LEASH_API LEASH_MUST_USE leash_coro_t leash__coro(leash_fn_t fn, void *arg, struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_coro_t leash__coro_copy(leash_fn_t fn, const void *ptr, size_t size,
                                                       struct leash_site *site);
LEASH_API LEASH_MUST_USE leash_coro_t leash__coro_own(leash_fn_t fn, void *arg, void (*drop)(void *),
                                                      struct leash_site *site);
LEASH_API int leash__fail(int code, struct leash_site *site, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
