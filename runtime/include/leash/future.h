/* Futures: results that somebody will set. */
#ifndef LEASH_FUTURE_H
#define LEASH_FUTURE_H

#include <leash/coro.h>

#ifdef __cplusplus
extern "C" {
#endif

/* leash_future(): a pending future of the running loop. NULL and errno: EPERM no running event loop, ENOMEM. */
#define leash_future() leash__future(LEASH_SITE("leash_future"))

/* leash_future_set_result(future, result): ends the future well. Its waiters are queued, in the order in which they
 * came. Never suspends; the loop's thread. 0; -EALREADY it is finished; -EINVAL a task, or never a handle; -ESTALE;
 * -EPERM wrong thread. */
#define leash_future_set_result(future, ...)                                                                           \
    leash__future_set_result((future), (__VA_ARGS__), LEASH_SITE("leash_future_set_result"))
/* leash_future_set_failure(future, code, fmt, ...): ends it with a negative errno and a message. As above. */
#define leash_future_set_failure(future, code, ...)                                                                    \
    leash__future_set_failure((future), (code), LEASH_SITE("leash_future_set_failure"), __VA_ARGS__)

LEASH_API LEASH_MUST_USE leash_future_t leash__future(struct leash_site *site);
LEASH_API int leash__future_set_result(leash_future_t future, void *result, struct leash_site *site);
LEASH_API int leash__future_set_failure(leash_future_t future, int code, struct leash_site *site, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif
#endif
