/* leash_to_thread. Algorithm: CPython 3.11's run_in_executor (Lib/asyncio/base_events.py), and wrap_future and
 * _chain_future (futures.py), which tie the loop's future to the thread's. */
#include <errno.h>
#include <leash/thread.h>
#include <own_frame.h>
#include <stdlib.h>
#include <string.h>

#include "cell.h"
#include "failure.h"
#include "future.h"
#include "job.h"
#include "job_body.h"
#include "loop.h"
#include "misuse.h"

struct thread_job {
    struct leash__job job;
    struct leash__cell *cell;        /* the future; held until the job has arrived. The loop's thread only */
    struct leash__callback finished; /* first in the future's list: runs if it is cancelled */
    leash_fn_t fn;
    void *arg;
    void (*drop)(void *); /* of arg, if fn is not called */
    bool copied;          /* arg is freed in the end, called or not */
    struct leash__job_body body;
};

static struct thread_job *thread_job_of(struct leash__job *job)
{
    return LEASH__CONTAINER(job, struct thread_job, job);
}

LEASH__OWN_FRAME static int work(struct leash__job *job)
{
    struct thread_job *self = thread_job_of(job);
    return leash__job_body_run(&self->body, self->fn, self->arg);
}

static void cut(struct leash__job *job)
{
    leash__job_body_end(&thread_job_of(job)->body, job->code);
}

static void free_job(struct leash__job *job)
{
    struct thread_job *self = thread_job_of(job);
    if (self->copied)
        free(self->arg);
    else if (!job->began)
        leash__drop(self->drop, self->arg);
    leash__job_body_drop(&self->body);
    free(self);
}

static void abandoned(struct leash__job *job, struct leash__loop *loop)
{
    (void)loop;
    leash__callback_remove(&thread_job_of(job)->finished);
}

/* "dest.set_result(source.result())", and what it took is no longer the job's to drop. */
static void set(struct thread_job *self, struct leash__loop *loop, struct leash__fut *fut)
{
    struct leash__frame *frame = &self->body.frame;
    if (self->job.code < 0) {
        leash__fut_set_failure(loop, fut, self->job.code, frame->failure);
        frame->failure = NULL;
    } else {
        leash__fut_set_result(loop, fut, self->job.code, frame->result, frame->drop);
        frame->result = NULL;
        frame->drop = NULL;
    }
    leash__future_event(loop, self->cell);
}

static void let_future_go(struct thread_job *self)
{
    leash__callback_remove(&self->finished);
    self->cell->holds--;
    leash__cell_release(self->cell);
}

static void arrived(struct leash__job *job, struct leash__loop *loop)
{
    struct thread_job *self = thread_job_of(job);
    leash__callback_remove(&self->finished);
    if (!leash__fut_done(&self->cell->fut))
        set(self, loop, &self->cell->fut);
    let_future_go(self);
    free_job(job);
}

/* "if destination.cancelled(): source.cancel()": a job that nobody has begun is never done. */
static void future_finished(struct leash__callback *callback, struct leash__loop *loop)
{
    struct thread_job *self = LEASH__CONTAINER(callback, struct thread_job, finished);
    if (!leash__job_take_back(&self->job, loop))
        return;
    let_future_go(self);
    free_job(&self->job);
}

static const struct leash__job_type type = {
    .work = work, .cut = cut, .arrived = arrived, .abandoned = abandoned, .free = free_job};

/* A job and its future, not begun. */
static struct thread_job *job_new(struct leash__loop *loop, struct leash_site *site)
{
    struct thread_job *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    if (leash__locals_copy(&self->body.locals) == 0)
        self->cell = leash__future_new(loop, site, LEASH__FUT_JOB);
    if (self->cell)
        return self;
    leash__locals_unref(self->body.locals);
    free(self);
    return NULL;
}

static leash_future_t begin(leash_fn_t fn, void *arg, void (*drop)(void *), bool copied, const char *call,
                            struct leash_site *site)
{
    struct leash__loop *loop = leash__loop_needed(call, site);
    struct thread_job *self = NULL;
    if (!loop)
        return NULL;
    if (!fn)
        leash__misuse(LEASH_MISUSE_NULL_FUNCTION, site, -EINVAL, "%s: the function is NULL", call);
    else if (leash__jobs_ready(loop, call) == 0 && !(self = job_new(loop, site)))
        leash__refused(-ENOMEM, "%s: no memory", call);
    if (!self)
        return NULL;
    self->fn = fn;
    self->arg = arg;
    self->drop = drop;
    self->copied = copied;
    self->cell->holds++;
    leash__callback_init(&self->finished, future_finished);
    leash__fut_add_callback(loop, &self->cell->fut, &self->finished);
    struct leash__cell *cell = self->cell;
    leash__job_begin(&self->job, &type, loop, site, site->expr);
    cell->object = self->job.object;
    return leash__cell_handle(cell, LEASH__HANDLE_FUTURE);
}

leash_future_t leash__to_thread(leash_fn_t fn, void *arg, struct leash_site *site)
{
    return begin(fn, arg, NULL, false, "leash_to_thread", site);
}

leash_future_t leash__to_thread_copy(leash_fn_t fn, const void *ptr, size_t size, struct leash_site *site)
{
    static const char call[] = "leash_to_thread_copy";
    if (size && !ptr) {
        leash__misuse(LEASH_MISUSE_INVALID, site, -EINVAL, "%s: %zu bytes at NULL", call, size);
        return NULL;
    }
    void *copy = malloc(size ? size : 1);
    if (!copy) {
        leash__refused(-ENOMEM, "%s: no memory for %zu bytes", call, size);
        return NULL;
    }
    if (size)
        memcpy(copy, ptr, size);
    leash_future_t future = begin(fn, copy, NULL, true, call, site);
    if (!future)
        free(copy);
    return future;
}

leash_future_t leash__to_thread_own(leash_fn_t fn, void *arg, void (*drop)(void *), struct leash_site *site)
{
    leash_future_t future = begin(fn, arg, drop, false, "leash_to_thread_own", site);
    if (!future)
        leash__drop(drop, arg);
    return future;
}
