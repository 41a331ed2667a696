/* Handles that the program has given to the runtime: as an item, an argument, a value. They are held as long as that
 * is. */
#include "verdict.h"

static leash_queue_t queue = LEASH_QUEUE_INIT("handles", 0); /* LEAK items-left 1 in queue_item */
static leash_future_t promise;
static struct leash_local key = LEASH_LOCAL_INIT;

static __attribute__((noinline)) leash_task_t start(void)
{
    return leash_create_task(leash_coro(forever, NULL)); /* LEAK pending-at-exit 1 in queue_item,
        armed_callback, done_callback, result_of_a_future, local_value, deferred_argument, argument_of_a_task,
        copied_argument, shielded */
}

static void note(void *unused)
{
    (void)unused;
}

static void note_end(void *handle, void *unused)
{
    (void)handle;
    (void)unused;
}

static int note_return(void *unused)
{
    (void)unused;
    return 0;
}

static int queue_item(void *unused)
{
    (void)unused;
    leash_queue_put(&queue, start());
    return leash_sleep(1);
}

static int armed_callback(void *unused)
{
    (void)unused;
    leash_call_later(1000, note, start());
    return leash_sleep(1);
}

static int done_callback(void *unused)
{
    (void)unused;
    promise = leash_future();
    leash_add_done_callback(promise, note_end, start());
    return leash_sleep(1);
}

static int result_of_a_future(void *unused)
{
    (void)unused;
    promise = leash_future();
    leash_future_set_result(promise, start());
    return leash_sleep(1);
}

static int daemon_with(leash_fn_t body, void *arg)
{
    leash_task_daemon(leash_create_task(leash_coro(body, arg)));
    return leash_sleep(1);
}

static int set_local(void *unused)
{
    (void)unused;
    leash_local_set(&key, start());
    return leash_sleep(3600);
}

static int local_value(void *unused)
{
    return daemon_with(set_local, unused);
}

static int defer_it(void *unused)
{
    (void)unused;
    int rc = leash_defer(note_return, start());
    return rc < 0 ? rc : leash_sleep(3600);
}

static int deferred_argument(void *unused)
{
    return daemon_with(defer_it, unused);
}

static int hold(void *task)
{
    int rc = leash_sleep(3600);
    keep(&task);
    return rc;
}

static int argument_of_a_task(void *unused)
{
    (void)unused;
    return daemon_with(hold, start());
}

static int copied_argument(void *unused)
{
    (void)unused;
    leash_task_t task = start();
    leash_task_daemon(leash_create_task(leash_coro_copy(forever, &task, sizeof(task))));
    return leash_sleep(1);
}

static int shielded(void *unused)
{
    (void)unused;
    promise = leash_shield(start());
    return leash_sleep(1);
}

CASES(CASE(queue_item), CASE(armed_callback), CASE(done_callback), CASE(result_of_a_future), CASE(local_value),
      CASE(deferred_argument), CASE(argument_of_a_task), CASE(copied_argument), CASE(shielded))
