/* Coroutines are made on any thread; one that is made for a loop and never given to it runs nowhere. */
#include "verdict.h"

#include <pthread.h>

static leash_loop_t loop;
static leash_event_t over = LEASH_EVENT_INIT("over");

static void tell(void *unused)
{
    (void)unused;
    leash_event_set(&over);
}

static void *forget(void *unused)
{
    leash_coro(work, NULL); /* LEAK never-awaited 1 in forgotten_there */
    leash_call_soon_threadsafe(loop, tell, NULL);
    return unused;
}

static void *give(void *unused)
{
    struct leash_remote *remote = leash_run_coroutine_threadsafe(loop, leash_coro(work, NULL));
    leash_remote_result(remote, -1, NULL);
    leash_remote_free(remote);
    leash_call_soon_threadsafe(loop, tell, NULL);
    return unused;
}

static int with_thread(void *(*body)(void *))
{
    pthread_t thread;
    loop = leash_running_loop();
    if (!loop || pthread_create(&thread, NULL, body, NULL) != 0)
        return -EAGAIN;
    int rc = leash_event_wait(&over);
    pthread_join(thread, NULL);
    return rc;
}

static int forgotten_there(void *unused)
{
    (void)unused;
    return with_thread(forget);
}

static int given(void *unused)
{
    (void)unused;
    return with_thread(give);
}

CASES(CASE(forgotten_there), CASE(given))
