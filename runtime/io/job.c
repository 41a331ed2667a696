#include "job.h"

#include <errno.h>
#include <own_frame.h>
#include <string.h>

#include "future.h"
#include "misuse.h"
#include "object.h"

static struct leash__job *job_of_item(struct leash__pool_item *item)
{
    return LEASH__CONTAINER(item, struct leash__job, item);
}

/* ---- on a thread of the pool ---- */

LEASH__OWN_FRAME static void work(struct leash__pool_item *item)
{
    struct leash__job *job = job_of_item(item);
    job->began = true;
    job->code = job->type->work(job);
}

static void cut(struct leash__pool_item *item)
{
    struct leash__job *job = job_of_item(item);
    job->code = -ESRCH;
    if (job->type->cut)
        job->type->cut(job);
}

/* Whoever lets go last frees it. */
static void let_go(struct leash__job *job)
{
    if (__atomic_exchange_n(&job->one_left, true, __ATOMIC_ACQ_REL))
        job->type->free(job);
}

static void tell(struct leash__pool_item *item)
{
    struct leash__job *job = job_of_item(item);
    if (leash__loop_post(job->loop_id, &job->letter) < 0)
        let_go(job);
}

/* ---- on the loop's ---- */

static void arrive(struct leash__callback *callback, struct leash__loop *loop)
{
    struct leash__job *job = LEASH__CONTAINER(callback, struct leash__job, arrival);
    leash__object_done(loop, job->object, job->code);
    leash__errand_end(loop, &job->errand);
    job->type->arrived(job, loop);
}

static void deliver(struct leash__letter *letter, struct leash__loop *loop)
{
    struct leash__job *job = LEASH__CONTAINER(letter, struct leash__job, letter);
    job->here = true;
    if (loop)
        leash__queue(loop, &job->arrival);
}

static void abandon(struct leash__errand *errand, struct leash__loop *loop)
{
    struct leash__job *job = LEASH__CONTAINER(errand, struct leash__job, errand);
    leash__callback_remove(&job->arrival);
    job->type->abandoned(job, loop);
    if (job->here || leash__pool_take_back(&job->item)) {
        job->type->free(job);
        return;
    }
    leash__pool_let_go(&job->item);
    let_go(job);
}

int leash__jobs_ready(struct leash__loop *loop, const char *call)
{
    int rc = leash__loop_expose(loop);
    if (rc < 0)
        return leash__refused(rc, "%s: no descriptor is left to wake the loop by", call);
    rc = loop->awaits_errands ? -ESHUTDOWN : leash__pool_ready(loop->options.threads, loop->options.cleanup_timeout);
    if (rc == -ESHUTDOWN)
        return leash__refused(rc, "%s: the end has begun, and waits for the jobs that are there", call);
    if (rc < 0)
        return leash__refused(rc, "%s: no thread can be made for it: %s", call, strerror(-rc));
    return 0;
}

void leash__job_begin(struct leash__job *job, const struct leash__job_type *type, struct leash__loop *loop,
                      struct leash_site *site, const char *name)
{
    job->type = type;
    job->loop_id = loop->id;
    job->item = (struct leash__pool_item){.work = work, .cut = cut, .tell = tell};
    job->letter.deliver = deliver;
    job->errand = (struct leash__errand){.name = site->expr, .site = site, .abandon = abandon};
    leash__callback_init(&job->arrival, arrive);
    job->object = leash__object_new(loop, LEASH_OBJECT_THREAD_JOB, site);
    if (name)
        leash__object_named(loop, job->object, "%s", name);
    leash__errand_begin(loop, &job->errand);
    leash__pool_put(&job->item);
}

bool leash__job_take_back(struct leash__job *job, struct leash__loop *loop)
{
    if (!leash__pool_take_back(&job->item))
        return false;
    leash__object_done(loop, job->object, -ECANCELED);
    leash__errand_end(loop, &job->errand);
    return true;
}
