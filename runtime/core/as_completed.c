/* Algorithm: CPython 3.11's as_completed() (Lib/asyncio/tasks.py), and of its queue what one reader needs. */
#include <errno.h>
#include <leash/await.h>
#include <stdint.h>
#include <stdlib.h>

#include "as_completed.h"
#include "await.h"
#include "cell.h"
#include "future.h"
#include "items.h"
#include "loop.h"
#include "misuse.h"
#include "task.h"
#include "timer.h"

struct member {
    struct leash__callback callback;
    struct leash_as_completed *it;
    struct leash__cell *cell;
    size_t index; /* of its first item */
};

struct leash_as_completed {
    struct leash__node node;  /* in loop->iterations */
    struct leash__loop *loop; /* NULL: it has ended */
    struct leash__timer timer;
    bool limited; /* timer is armed, or was */
    struct leash_site *site;
    struct member *members;
    size_t distinct, todo;     /* todo: members that have not finished in time */
    struct member **done;      /* finished in time, in order */
    size_t done_count, handed; /* handed: how many of them next gave out */
    size_t late;               /* members that the time limit cut off and next has not told of */
    struct leash__fut *waiter; /* of the task in next; NULL while there is none */
    bool freed;                /* while a task waited: goes when that has seen it */
};

static void wake(struct leash_as_completed *it)
{
    if (it->waiter)
        leash__fut_wake(it->loop, it->waiter);
}

static void on_completion(struct leash__callback *callback, struct leash__loop *loop)
{
    struct member *member = LEASH__CONTAINER(callback, struct member, callback);
    struct leash_as_completed *it = member->it;
    it->done[it->done_count++] = member;
    if (--it->todo == 0 && it->limited)
        leash__timer_cancel(loop, &it->timer);
    wake(it);
}

static void on_timeout(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__timer *timer = LEASH__CONTAINER(callback, struct leash__timer, callback);
    struct leash_as_completed *it = LEASH__CONTAINER(timer, struct leash_as_completed, timer);
    (void)loop;
    for (size_t i = 0; i < it->distinct; i++)
        leash__callback_remove(&it->members[i].callback);
    it->late = it->todo;
    it->todo = 0;
    wake(it);
}

static void fill(struct leash_as_completed *it, const leash_awaitable_t *items, size_t n)
{
    struct leash__loop *loop = it->loop;
    uint64_t mark = ++loop->marks;
    for (size_t i = 0; i < n; i++) {
        struct leash__cell *cell = leash__item(loop, items[i], it->site);
        if (cell->mark == mark)
            continue;
        cell->mark = mark;
        cell->holds++;
        it->members[it->distinct++] = (struct member){.it = it, .cell = cell, .index = i};
    }
    it->todo = it->distinct;
    for (size_t i = 0; i < it->distinct; i++) {
        leash__callback_init(&it->members[i].callback, on_completion);
        leash__fut_add_callback(loop, &it->members[i].cell->fut, &it->members[i].callback);
    }
}

static void free_memory(struct leash_as_completed *it)
{
    leash__list_remove(&it->node);
    free(it->members);
    free(it->done);
    free(it);
}

static struct leash_as_completed *with_room(size_t n)
{
    struct leash_as_completed *it = calloc(1, sizeof *it);
    if (!it)
        return NULL;
    leash__list_init(&it->node);
    it->members = calloc(n ? n : 1, sizeof *it->members);
    it->done = calloc(n ? n : 1, sizeof(struct member *));
    if (it->members && it->done)
        return it;
    free_memory(it);
    return NULL;
}

struct leash_as_completed *leash__as_completed(const leash_awaitable_t *items, size_t n, double timeout,
                                               struct leash_site *site)
{
    struct leash__loop *loop = leash__loop_needed("leash_as_completed", site);
    if (!loop)
        return NULL;
    if (leash__check_items(items, n, "leash_as_completed", site) < 0)
        return NULL;
    struct leash_as_completed *it = with_room(n);
    if (it && leash__limited(timeout) && n > 0) {
        it->limited = leash__timer_arm(loop, &it->timer, leash__ns(timeout), on_timeout) == 0;
        if (!it->limited) {
            free_memory(it);
            it = NULL;
        }
    }
    if (!it) {
        leash__refused(-ENOMEM, "leash_as_completed: no memory for %zu items", n);
        return NULL;
    }
    it->loop = loop;
    it->site = site;
    leash__list_append(&loop->iterations, &it->node);
    fill(it, items, n);
    return it;
}

static int wait_for_one(struct leash_as_completed *it, struct leash__task *task)
{
    struct leash__fut waiter;
    leash__fut_init(&waiter, LEASH__FUT_PLAIN);
    leash__waits_at(task, it->site, "as_completed");
    it->waiter = &waiter;
    bool cancelled = leash__await_waiter(task, &waiter);
    it->waiter = NULL;
    if (it->freed) {
        free_memory(it);
        return cancelled ? leash__cancelled_here(task) : -ENODATA;
    }
    return cancelled ? leash__cancelled_here(task) : 0;
}

static int check_next(const struct leash_as_completed *it, const struct leash__task *task)
{
    const char *why = NULL;
    if (!it->loop)
        why = "its loop has ended";
    else if (it->loop != task->cell.loop)
        why = "it belongs to another loop";
    else if (it->waiter)
        why = "another task waits on this iteration already";
    return why ? leash__misuse(LEASH_MISUSE_INVALID, it->site, -EINVAL, "leash_next_completed: %s", why) : 0;
}

int leash_next_completed(struct leash_as_completed *it, size_t *index, void **result)
{
    size_t ignored;
    index = index ? index : &ignored;
    *index = SIZE_MAX;
    if (!it)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL,
                             "leash_next_completed: the iteration is NULL; look at what leash_as_completed said");
    struct leash__task *task = leash__task_needed("leash_next_completed", it->site);
    if (!task)
        return -errno;
    int refused = check_next(it, task);
    if (refused)
        return refused;
    if (it->handed == it->done_count && it->late == 0) {
        if (it->todo == 0)
            return -ENODATA;
        int rc = wait_for_one(it, task);
        if (rc < 0)
            return rc;
    }
    if (it->handed == it->done_count) {
        it->late--;
        return -ETIMEDOUT;
    }
    struct member *member = it->done[it->handed++];
    *index = member->index;
    return leash__deliver(task, member->cell, result);
}

static void let_go(struct leash_as_completed *it)
{
    size_t distinct = it->distinct;
    it->distinct = 0;
    if (it->limited)
        leash__timer_cancel(it->loop, &it->timer);
    for (size_t i = 0; i < distinct; i++) {
        leash__callback_remove(&it->members[i].callback);
        it->members[i].cell->holds--;
        leash__cell_release(it->members[i].cell);
    }
}

void leash_as_completed_free(struct leash_as_completed *it)
{
    if (!it || it->freed)
        return;
    if (it->loop && it->loop != leash__running()) {
        leash__misuse(LEASH_MISUSE_WRONG_THREAD, it->site, -EPERM,
                      "leash_as_completed_free: the iteration belongs to the loop of another thread");
        return;
    }
    it->freed = true;
    if (it->loop)
        let_go(it);
    if (it->waiter)
        wake(it);
    else
        free_memory(it);
}

void leash__iterations_end(struct leash__loop *loop)
{
    struct leash__node *node;
    while ((node = leash__list_pop(&loop->iterations))) {
        struct leash_as_completed *it = LEASH__CONTAINER(node, struct leash_as_completed, node);
        it->loop = NULL;
        it->waiter = NULL;
        if (it->freed)
            free_memory(it);
    }
}
