/* Claims: the duty that comes with a handle, to see to the outcome.
 *
 * A creator's handle carries one. It is settled by an await or result that delivered the outcome, by leash_detach, or
 * by giving the handle to gather or wait_for. The cell behind a handle lives until the task is finished, every claim is
 * settled or dropped, and the task that settled it suspends or ends again, so that leash_done, leash_cancelled,
 * leash_result and leash_failure can be read right after an await; from then on leash_done is 1, leash_cancel 0, all
 * else -ESTALE. What a plain callback settled goes when the loop comes round. Of a task that settles thousands without
 * ever suspending, those that own no result may go earlier. All of these: the loop's thread (-EPERM), never suspend. */
#ifndef LEASH_CLAIM_H
#define LEASH_CLAIM_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Adds a claim, also on a settled handle that still lives. 0, -ESTALE, -EINVAL. */
#define leash_ref(handle) leash__ref((handle), LEASH_SITE(#handle))
/* Drops one claim without settling it. 0, -ESTALE, -EINVAL. */
#define leash_unref(handle) leash__unref((handle), LEASH_SITE(#handle))
/* Says on purpose: nobody will look at this task's (or future's) outcome. Settles the claim. 0, -ESTALE, -EINVAL. */
#define leash_detach(handle) leash__detach((handle), LEASH_SITE(#handle))
/* Detached, and may be pending at exit. 0, -ESTALE, -EINVAL. */
#define leash_task_daemon(task) leash__task_daemon((task), LEASH_SITE(#task))

LEASH_API int leash__ref(const void *handle, struct leash_site *site);
LEASH_API int leash__unref(const void *handle, struct leash_site *site);
LEASH_API int leash__detach(const void *handle, struct leash_site *site);
LEASH_API int leash__task_daemon(const void *task, struct leash_site *site);

#ifdef __cplusplus
}
#endif
#endif
