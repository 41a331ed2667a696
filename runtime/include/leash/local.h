/* Task-local values: inherited by the tasks that a task creates, and by its callbacks (asyncio's contextvars). */
#ifndef LEASH_LOCAL_H
#define LEASH_LOCAL_H

#include <leash/site.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A key is static storage: `static struct leash_local request = LEASH_LOCAL_INIT;` */
struct leash_local {
    uint32_t id; /* the runtime's; 0 until first set */
};
#define LEASH_LOCAL_INIT                                                                                               \
    {                                                                                                                  \
        0                                                                                                              \
    }

/* Sets the running task's value; tasks created from now on inherit it, tasks that exist keep theirs. The value's memory
 * stays the caller's. A callback (leash_call_soon and its like, leash_add_done_callback) runs with the values that
 * there were when it was made, and sets them for itself alone; one of leash_call_soon_threadsafe, and the task of
 * leash_run_coroutine_threadsafe, with a copy of the calling thread's. Outside of both it sets the thread's, which main
 * tasks inherit. 0, -ENOMEM, -EINVAL. */
LEASH_API int leash_local_set(struct leash_local *key, void *value);
/* The running task's or callback's value, NULL if never set. */
LEASH_API void *leash_local_get(const struct leash_local *key);

#ifdef __cplusplus
}
#endif
#endif
