/* A thread asks the loop for a coroutine by leash_run_coroutine_threadsafe, and lets go of it: the duty was taken over,
 * but the task has not ended when main returns. */
#include "verdict.h"

#include <pthread.h>

static leash_loop_t loop;
static leash_event_t asked = LEASH_EVENT_INIT("asked");

/* Not by a sleep: with nothing else to do the virtual clock would jump to its end. */
static int wait_for_nothing(void *unused)
{
    static leash_event_t never = LEASH_EVENT_INIT("never");
    (void)unused;
    return leash_event_wait(&never);
}

static void tell(void *unused)
{
    (void)unused;
    leash_event_set(&asked);
}

static void *ask_and_let_go(void *unused)
{
    struct leash_remote *remote =
        leash_run_coroutine_threadsafe(loop, leash_coro(wait_for_nothing, NULL)); /* LEAK pending-at-exit 1 in let_go */
    leash_remote_free(remote);
    leash_call_soon_threadsafe(loop, tell, NULL);
    return unused;
}

static void *ask_and_wait(void *unused)
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
    int rc = leash_event_wait(&asked);
    pthread_join(thread, NULL);
    return rc;
}

static int let_go(void *unused)
{
    (void)unused;
    return with_thread(ask_and_let_go);
}

static int waited(void *unused)
{
    (void)unused;
    return with_thread(ask_and_wait);
}

CASES(CASE(let_go), CASE(waited))
