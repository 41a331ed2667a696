/* Timeout scopes: asyncio.timeout() as a pair of calls around a part of a body.
 *
 *     leash_timeout_t scope = leash_timeout_begin(1.5);
 *     int rc = work();
 *     rc = leash_timeout_end(scope, rc);      // -ETIMEDOUT if the scope cut it short
 *
 * Scopes nest; one left open is closed when its body returns, as leash_timeout_end would with what the body returned.
 */
#ifndef LEASH_TIMEOUT_H
#define LEASH_TIMEOUT_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct leash_timeout_ *leash_timeout_t;

/* Opens a scope in the running task that cancels it after so many seconds (0: at once, in the next iteration; negative:
 * never, until rescheduled). NULL and errno: EPERM not inside a task, ENOMEM. */
#define leash_timeout_begin(seconds) leash__timeout_begin((seconds), LEASH_SITE("leash_timeout_begin"))
/* Closes it. rc is how the part went: -ECANCELED becomes -ETIMEDOUT if this scope caused it and nobody else asked;
 * anything else is returned as it is. -EINVAL (rc unused) not a scope of this task; -ESTALE already closed. */
LEASH_API int leash_timeout_end(leash_timeout_t scope, int rc);
/* Moves the deadline to so many seconds from now; negative: never. 0, -EINVAL it expired already, -ESTALE. */
LEASH_API int leash_timeout_reschedule(leash_timeout_t scope, double seconds);
/* 1 if it fired, 0 if not, -ESTALE, -EINVAL. */
LEASH_API int leash_timeout_expired(leash_timeout_t scope);

LEASH_API LEASH_MUST_USE leash_timeout_t leash__timeout_begin(double seconds, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
