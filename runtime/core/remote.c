/* Coroutines from other threads. Algorithm: CPython 3.11's run_coroutine_threadsafe() (Lib/asyncio/tasks.py). */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "cancel.h"
#include "cell.h"
#include "failure.h"
#include "future.h"
#include "items.h"
#include "local.h"
#include "misuse.h"
#include "remote_call.h"
#include "timer.h"

#define NAME "leash_run_coroutine_threadsafe"

/* Shared by the thread that waits and the loop's; whoever lets go last frees it. */
struct leash_remote {
    pthread_mutex_t lock;
    pthread_cond_t done;
    unsigned refs; /* atomic */
    uint64_t loop_id;
    struct leash__letter letter; /* brings the coroutine */
    leash_coro_t coro;
    struct leash_site *site;
    struct leash__locals *locals; /* a copy of the calling thread's, until the task has them; NULL: none */
    /* The loop's thread only, while the task is not finished: */
    struct leash__callback finished; /* in the task's list */
    struct leash__cell *cell;        /* the task's; NULL: it has not begun, or is finished */
    struct leash__node all;          /* loop->remotes */
    /* By lock: */
    bool is_done;
    int code;
    void *result;
    void (*drop)(void *); /* of result */
    struct leash__failure *failure;
};

static void unref(struct leash_remote *remote)
{
    if (__atomic_sub_fetch(&remote->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    leash__failure_unref(remote->failure);
    leash__locals_unref(remote->locals);
    if (remote->drop)
        remote->drop(remote->result);
    pthread_cond_destroy(&remote->done);
    pthread_mutex_destroy(&remote->lock);
    free(remote);
}

static void finish(struct leash_remote *remote, int code, struct leash__fut *fut)
{
    pthread_mutex_lock(&remote->lock);
    remote->code = code;
    if (fut && code >= 0) {
        remote->result = fut->result; /* the cell goes, the result stays */
        remote->drop = fut->drop;
        fut->drop = NULL;
    } else if (fut && fut->failure) {
        remote->failure = leash__failure_text(fut->failure->code, fut->failure->message); /* refs are the loop's */
    }
    remote->is_done = true;
    pthread_cond_broadcast(&remote->done);
    pthread_mutex_unlock(&remote->lock);
    unref(remote);
}

/* ---- on the loop's thread ---- */

static void let_go(struct leash_remote *remote)
{
    remote->cell->holds--;
    remote->cell = NULL;
    leash__list_remove(&remote->all);
}

static void task_finished(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash_remote *remote = LEASH__CONTAINER(callback, struct leash_remote, finished);
    struct leash__cell *cell = remote->cell;
    (void)loop;
    let_go(remote);
    finish(remote, leash__fut_take(&cell->fut, NULL), &cell->fut);
    leash__cell_release(cell);
}

/* Makes the task, with the values of who sent it. */
static struct leash__cell *task_of(struct leash_remote *remote, struct leash__loop *loop)
{
    struct leash__locals *before = leash__locals_enter(loop, remote->locals);
    remote->locals = NULL;
    struct leash__cell *cell = leash__item(loop, remote->coro, remote->site);
    leash__locals_leave(loop, before);
    return cell;
}

static void begin(struct leash__letter *letter, struct leash__loop *loop)
{
    struct leash_remote *remote = LEASH__CONTAINER(letter, struct leash_remote, letter);
    int error = -ESTALE;
    bool runs = loop && leash__cell_find(remote->coro, LEASH__CORO_BIT, NAME, remote->site, &error);
    if (!runs) {
        finish(remote, error, NULL);
        return;
    }
    remote->cell = task_of(remote, loop);
    remote->cell->holds++;
    leash__list_append(&loop->remotes, &remote->all);
    leash__callback_init(&remote->finished, task_finished);
    leash__fut_add_callback(loop, &remote->cell->fut, &remote->finished);
}

void leash__remotes_end(struct leash__loop *loop)
{
    while (!leash__list_empty(&loop->remotes)) {
        struct leash_remote *remote = LEASH__CONTAINER(loop->remotes.next, struct leash_remote, all);
        leash__callback_remove(&remote->finished);
        let_go(remote);
        finish(remote, -ECANCELED, NULL);
    }
}

/* ---- on the other thread ---- */

static struct leash_remote *remote_new(uint64_t loop_id, leash_coro_t coro, struct leash_site *site)
{
    struct leash_remote *remote = calloc(1, sizeof *remote);
    pthread_condattr_t monotonic;
    if (!remote)
        return NULL;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&remote->lock, NULL);
    pthread_cond_init(&remote->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    remote->refs = 2;
    remote->loop_id = loop_id;
    remote->coro = coro;
    remote->site = site;
    remote->letter.deliver = begin;
    if (leash__locals_copy(&remote->locals) == 0)
        return remote;
    remote->refs = 1;
    unref(remote);
    return NULL;
}

struct leash_remote *leash__run_coroutine_threadsafe(leash_loop_t loop, leash_coro_t coro, struct leash_site *site)
{
    uint64_t id;
    int error = 0;
    if (leash__loop_id(loop, NAME, &id) < 0 || !leash__cell_find(coro, LEASH__CORO_BIT, NAME, site, &error))
        return NULL;
    struct leash_remote *remote = remote_new(id, coro, site);
    if (!remote) {
        leash__refused(-ENOMEM, NAME ": no memory");
        return NULL;
    }
    int rc = leash__loop_post(id, &remote->letter);
    if (rc == 0)
        return remote;
    remote->refs = 1;
    unref(remote);
    leash__refused(rc, NAME ": the loop has ended");
    return NULL;
}

static struct timespec after(double seconds)
{
    enum { NS_PER_S = 1000000000 };
    struct timespec until;
    uint64_t ns = leash__ns(seconds);
    clock_gettime(CLOCK_MONOTONIC, &until);
    ns += (uint64_t)until.tv_nsec;
    until.tv_sec += (time_t)(ns / NS_PER_S);
    until.tv_nsec = (long)(ns % NS_PER_S);
    return until;
}

static bool wait_until_done(struct leash_remote *remote, double timeout)
{
    struct timespec until = after(timeout);
    int rc = 0;
    while (!remote->is_done && rc == 0)
        rc = leash__limited(timeout) ? pthread_cond_timedwait(&remote->done, &remote->lock, &until)
                                     : pthread_cond_wait(&remote->done, &remote->lock);
    return remote->is_done;
}

int leash_remote_result(struct leash_remote *remote, double timeout, void **result)
{
    const struct leash__loop *loop = leash__running();
    if (!remote)
        return leash__misuse(LEASH_MISUSE_INVALID, NULL, -EINVAL, "leash_remote_result: it is NULL");
    if (loop && loop->id == remote->loop_id)
        return leash__misuse(LEASH_MISUSE_WRONG_THREAD, NULL, -EDEADLK,
                             "leash_remote_result: the task is of this thread's own loop; await it instead");
    pthread_mutex_lock(&remote->lock);
    int code = wait_until_done(remote, timeout) ? remote->code : -ETIMEDOUT;
    if (code >= 0 && result)
        *result = remote->result;
    pthread_mutex_unlock(&remote->lock);
    return code;
}

int leash_remote_done(struct leash_remote *remote)
{
    pthread_mutex_lock(&remote->lock);
    bool is_done = remote->is_done;
    pthread_mutex_unlock(&remote->lock);
    return is_done;
}

int leash_remote_failure(struct leash_remote *remote, struct leash_failure *out)
{
    int rc = 0;
    pthread_mutex_lock(&remote->lock);
    if (!remote->is_done || remote->code >= 0)
        rc = remote->is_done ? -ENODATA : -EBUSY;
    else
        *out = (struct leash_failure){.code = remote->code, .message = remote->failure ? remote->failure->message : ""};
    pthread_mutex_unlock(&remote->lock);
    return rc;
}

void leash_remote_free(struct leash_remote *remote)
{
    if (remote)
        unref(remote);
}

/* ---- cancelling ---- */

struct cancel_letter {
    struct leash__letter letter;
    struct leash_remote *remote;
};

static void cancel(struct leash__letter *letter, struct leash__loop *loop)
{
    struct cancel_letter *order = LEASH__CONTAINER(letter, struct cancel_letter, letter);
    struct leash__cell *cell = order->remote->cell;
    if (loop && cell) {
        LEASH__EVENT_NOW(loop, LEASH_EV_CANCEL_TASK, NULL, cell->id, 0);
        leash__cancel_fut(loop, &cell->fut, NULL, true);
    }
    unref(order->remote);
    free(order);
}

int leash_remote_cancel(struct leash_remote *remote)
{
    struct cancel_letter *order = leash_remote_done(remote) ? NULL : malloc(sizeof *order);
    if (!order)
        return leash_remote_done(remote) ? 0 : leash__refused(-ENOMEM, "leash_remote_cancel: no memory");
    *order = (struct cancel_letter){.letter.deliver = cancel, .remote = remote};
    __atomic_fetch_add(&remote->refs, 1, __ATOMIC_RELAXED);
    if (leash__loop_post(remote->loop_id, &order->letter) == 0)
        return 1;
    unref(remote);
    free(order);
    return 0;
}
