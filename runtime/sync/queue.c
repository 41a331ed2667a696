/* Algorithm: CPython 3.11's Queue (Lib/asyncio/queues.py), statement by statement; shutdown is CPython 3.13's. */
#include "queue.h"

#include <errno.h>

#include "await.h"
#include "cell.h"
#include "line.h"
#include "misuse.h"
#include "task.h"

/* ---- lines ---- */

/* "_wakeup_next": the first that is not cancelled. */
static __attribute__((noinline)) void wake_next(struct leash__queue *queue, struct leash__node *line)
{
    struct leash__node *node;
    while ((node = leash__list_pop(line))) {
        struct leash__fut *fut = &leash__waiter_of(node)->fut;
        if (leash__fut_done(fut))
            continue;
        leash__fut_wake(queue->base.cell->loop, fut);
        return;
    }
}

static void wake_all(struct leash__queue *queue, struct leash__node *line)
{
    while (!leash__list_empty(line))
        wake_next(queue, line);
}

/* True if cancelled. */
static inline __attribute__((always_inline)) bool wait_in(struct leash__queue *queue, struct leash__node *line,
                                                          struct leash__waiter *waiter, struct leash_site *site)
{
    queue->waiting++;
    bool cancelled = leash__line_wait(&queue->base, line, waiter, site);
    queue->waiting--;
    return cancelled;
}

/* "while self.full(): await putter", and the same of getters. Who was woken but is cancelled before it could take the
 * call wakes the next in line. 0, -ECANCELED, -ESHUTDOWN. */
static inline __attribute__((always_inline)) int wait_while(bool (*stuck)(const struct leash__queue *),
                                                            struct leash__queue *queue, struct leash__node *line,
                                                            struct leash__task *task, struct leash_site *site)
{
    struct leash__waiter waiter;
    while (stuck(queue)) {
        if (queue->shut)
            return -ESHUTDOWN;
        if (!wait_in(queue, line, &waiter, site))
            continue;
        if (!stuck(queue) && waiter.fut.state != LEASH__CANCELLED)
            wake_next(queue, line);
        return leash__cancelled_here(task);
    }
    return 0;
}

/* ---- put and get ---- */

static inline void tell_step(const struct leash__queue *queue, unsigned kind, struct leash_site *site)
{
    struct leash__loop *loop = queue->base.cell->loop;
    if (__builtin_expect(loop && loop->events->steps, 0))
        leash__object_op(loop, kind, &queue->base, site);
}

static inline __attribute__((always_inline)) int put_nowait(struct leash__queue *queue, void *item, const char *call,
                                                            struct leash_site *site)
{
    if (queue->shut)
        return -ESHUTDOWN;
    if (leash__queue_full(queue))
        return -EAGAIN;
    if (leash__store_put(&queue->store, item) < 0)
        return leash__refused(-ENOMEM, "%s: no memory for one more item", call);
    queue->unfinished++;
    tell_step(queue, LEASH_EV_PUT, site);
    if (!leash__list_empty(&queue->getters))
        wake_next(queue, &queue->getters);
    return 0;
}

static inline __attribute__((always_inline)) int get_nowait(struct leash__queue *queue, void **out,
                                                            struct leash_site *site)
{
    if (leash__queue_empty(queue))
        return queue->shut ? -ESHUTDOWN : -EAGAIN;
    void *item = leash__store_take(&queue->store);
    tell_step(queue, LEASH_EV_GOT, site);
    if (!leash__list_empty(&queue->putters))
        wake_next(queue, &queue->putters);
    if (out)
        *out = item;
    else
        leash__drop(queue->drop, item);
    return 0;
}

static __attribute__((noinline)) int put_or_wait(leash_queue_t *given, void *item, struct leash_site *site)
{
    int rc = 0;
    struct leash__task *task = leash__task_needed("leash_queue_put", site);
    if (!task)
        return -errno;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_put", site, &rc);
    if (queue)
        rc = wait_while(leash__queue_full, queue, &queue->putters, task, site);
    return queue && rc == 0 ? put_nowait(queue, item, "leash_queue_put", site) : rc;
}

static __attribute__((noinline)) int get_or_wait(leash_queue_t *given, void **item, struct leash_site *site)
{
    int rc = 0;
    struct leash__task *task = leash__task_needed("leash_queue_get", site);
    if (!task)
        return -errno;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_get", site, &rc);
    if (queue)
        rc = wait_while(leash__queue_empty, queue, &queue->getters, task, site);
    return queue && rc == 0 ? get_nowait(queue, item, site) : rc;
}

/* Found at once, and a task runs. */
static inline bool in_task(const struct leash__queue *queue)
{
    return queue && queue->base.cell->loop->current;
}

int leash__queue_put(leash_queue_t *given, void *item, struct leash_site *site)
{
    struct leash__queue *queue = leash__queue_at_once(given);
    bool easy = in_task(queue) && !leash__queue_full(queue);
    return __builtin_expect(easy, 1) ? put_nowait(queue, item, "leash_queue_put", site)
                                     : put_or_wait(given, item, site);
}

int leash__queue_get(leash_queue_t *given, void **item, struct leash_site *site)
{
    struct leash__queue *queue = leash__queue_at_once(given);
    bool easy = in_task(queue) && !leash__queue_empty(queue);
    return __builtin_expect(easy, 1) ? get_nowait(queue, item, site) : get_or_wait(given, item, site);
}

int leash__queue_put_nowait(leash_queue_t *given, void *item, struct leash_site *site)
{
    int error = 0;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_put_nowait", site, &error);
    return queue ? put_nowait(queue, item, "leash_queue_put_nowait", site) : error;
}

int leash__queue_get_nowait(leash_queue_t *given, void **item, struct leash_site *site)
{
    int error = 0;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_get_nowait", site, &error);
    return queue ? get_nowait(queue, item, site) : error;
}

/* ---- what is unfinished ---- */

int leash_queue_task_done(leash_queue_t *given)
{
    int error = 0;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_task_done", NULL, &error);
    if (!queue)
        return error;
    if (queue->unfinished == 0)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "leash_queue_task_done: queue \"%s\": nothing that was put is unfinished",
                             leash__waitable_name(&queue->base));
    queue->counted = true;
    if (--queue->unfinished == 0)
        wake_all(queue, &queue->joiners);
    return 0;
}

int leash__queue_join(leash_queue_t *given, struct leash_site *site)
{
    int error = 0;
    struct leash__waiter waiter;
    struct leash__task *task = leash__task_needed("leash_queue_join", site);
    if (!task)
        return -errno;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_join", site, &error);
    if (!queue)
        return error;
    queue->counted = true;
    if (queue->unfinished > 0 && wait_in(queue, &queue->joiners, &waiter, site))
        return leash__cancelled_here(task);
    return 0;
}

/* ---- shutdown ---- */

/* Takes everything out: for the caller to drop, once the queue is as it shall be. */
static struct leash__store take_all(struct leash__queue *queue)
{
    struct leash__store taken = queue->store;
    size_t count = taken.count;
    leash__store_init(&queue->store, taken.order, NULL); /* nothing will be put into it */
    queue->unfinished -= count < queue->unfinished ? count : queue->unfinished;
    return taken;
}

int leash__queue_shutdown(leash_queue_t *given, bool immediate, struct leash_site *site)
{
    int error = 0;
    struct leash__queue *queue = leash__queue_of(given, "leash_queue_shutdown", site, &error);
    if (!queue)
        return error;
    struct leash__store left = {0};
    void (*drop)(void *) = queue->drop;
    queue->shut = true;
    if (queue->base.cell->loop)
        leash__object_op(queue->base.cell->loop, LEASH_EV_SHUT, &queue->base, site);
    if (immediate) {
        left = take_all(queue);
        if (queue->unfinished == 0)
            wake_all(queue, &queue->joiners);
    }
    wake_all(queue, &queue->getters);
    wake_all(queue, &queue->putters);
    leash__store_end(&left, drop);
    return 0;
}
