/* Nothing but another thread could wake the loop, and it has not said whether it will. If the process ends before it
 * did, the standstill is told. */
#include "verdict.h"

#include <pthread.h>
#include <unistd.h>

static leash_loop_t loop;
static leash_waker_t waker;
static leash_future_t promise;

static void set(void *future)
{
    leash_future_set_result(future, NULL);
}

enum { LONG_US = 2500000 }; /* after one second it is noted */

static void *gives_up(void *unused)
{
    usleep(LONG_US);
    exit(0);
    return unused;
}

static void *wakes_it(void *unused)
{
    usleep(LONG_US);
    leash_call_soon_threadsafe(loop, set, promise);
    return unused;
}

static int beside(void *(*thread_of)(void *), bool declared)
{
    pthread_t thread;
    loop = leash_running_loop();
    promise = leash_future();
    if (declared)
        waker = leash_waker_hold(loop, "thread");
    if (pthread_create(&thread, NULL, thread_of, NULL) != 0)
        return -EAGAIN;
    pthread_detach(thread);
    return 0;
}

static int waits(void *unused)
{
    (void)unused;
    return leash_await(promise, NULL);
}

static int nobody_came(void *unused)
{
    (void)unused;
    int rc = beside(gives_up, false);
    leash_task_t task = leash_create_task(leash_coro(waits, NULL)); /* LEAK deadlock 1 in nobody_came */
    return rc < 0 ? rc : leash_await(task, NULL);
}

static int somebody_came(void *unused)
{
    (void)unused;
    int rc = beside(wakes_it, false);
    return rc < 0 ? rc : leash_await(promise, NULL);
}

/* Who holds a waker says that it may come: that it did not is no standstill. */
static int somebody_might_have_come(void *unused)
{
    (void)unused;
    int rc = beside(gives_up, true);
    return rc < 0 ? rc : leash_await(promise, NULL);
}

CASES(CASE(nobody_came), CASE(somebody_came), CASE(somebody_might_have_come))
