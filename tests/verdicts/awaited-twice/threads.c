/* A coroutine that was given to a loop by another thread is awaited there once more; and two tasks share one. */
#include "verdict.h"

#include <pthread.h>

static leash_loop_t loop;
static leash_coro_t shared;
static leash_event_t given = LEASH_EVENT_INIT("given");

static void tell(void *unused)
{
    (void)unused;
    leash_event_set(&given);
}

static void *give(void *unused)
{
    shared = leash_coro(work, NULL);
    struct leash_remote *remote = leash_run_coroutine_threadsafe(loop, shared);
    leash_remote_result(remote, -1, NULL);
    leash_call_soon_threadsafe(loop, tell, NULL);
    leash_remote_free(remote);
    return unused;
}

static int await_shared(void *unused)
{
    (void)unused;
    int rc = leash_await(shared, NULL); /* LEAK awaited-twice 1 in two_tasks */
    return rc < 0 ? rc : 0;
}

static int two_tasks(void *unused)
{
    (void)unused;
    shared = leash_coro(work, NULL);
    leash_awaitable_t tasks[] = {leash_create_task(leash_coro(await_shared, NULL)),
                                 leash_create_task(leash_coro(await_shared, NULL))};
    return leash_gather_wait_array(tasks, 2, LEASH_RETURN_FAILURES, NULL);
}

static int given_once(void *unused)
{
    pthread_t thread;
    (void)unused;
    loop = leash_running_loop();
    if (!loop || pthread_create(&thread, NULL, give, NULL) != 0)
        return -EAGAIN;
    int rc = leash_event_wait(&given);
    pthread_join(thread, NULL);
    return rc;
}

CASES(CASE(two_tasks), CASE(given_once))
