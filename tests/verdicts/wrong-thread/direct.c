/* Another thread ends a future or cancels a task of the loop: refused, as neither is safe. It must ask the loop. */
#include "wrong-thread/guests.h"

static leash_future_t answer;

static int set_it(void *unused)
{
    (void)unused;
    return leash_future_set_result(answer, NULL); /* LEAK wrong-thread 1 in future_set */
}

static int cancel_it(void *task)
{
    return leash_cancel(task, NULL); /* LEAK wrong-thread 1 in task_cancelled */
}

static void set_from_the_loop(void *unused)
{
    (void)unused;
    leash_future_set_result(answer, NULL);
}

static int ask_the_loop(void *loop)
{
    return leash_call_soon_threadsafe(loop, set_from_the_loop, NULL);
}

static int future_set(void *unused)
{
    (void)unused;
    answer = leash_future();
    return have_guest(set_it, NULL) == -EPERM ? 0 : -EPROTO;
}

static int task_cancelled(void *unused)
{
    (void)unused;
    leash_task_t task = leash_create_task(leash_coro(work, NULL));
    int rc = have_guest(cancel_it, task);
    return rc == -EPERM ? leash_await(task, NULL) : -EPROTO;
}

static int asked(void *unused)
{
    (void)unused;
    answer = leash_future();
    int rc = have_guest(ask_the_loop, leash_running_loop());
    return rc < 0 ? rc : leash_await(answer, NULL);
}

CASES(CASE(future_set), CASE(task_cancelled), CASE(asked))
