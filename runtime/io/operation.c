#include "operation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "await.h"
#include "file_table.h"
#include "future.h"
#include "misuse.h"

static struct leash__operation *operation_of(struct leash__job *job)
{
    return LEASH__CONTAINER(job, struct leash__operation, job);
}

void leash__operation_free(struct leash__operation *operation)
{
    if (!operation)
        return;
    if (operation->type->drop)
        operation->type->drop(operation);
    free(operation);
}

/* ---- as a job ---- */

static int work(struct leash__job *job)
{
    return operation_of(job)->type->work(operation_of(job));
}

static void arrived(struct leash__job *job, struct leash__loop *loop)
{
    struct leash__operation *operation = operation_of(job);
    leash__file_idle(loop, operation->fd);
    if (operation->waiter)
        leash__fut_wake(loop, operation->waiter);
    else
        leash__operation_free(operation);
}

static void abandoned(struct leash__job *job, struct leash__loop *loop)
{
    operation_of(job)->waiter = NULL;
    leash__file_forget(loop, operation_of(job)->fd);
}

static void free_job(struct leash__job *job)
{
    leash__operation_free(operation_of(job));
}

static const struct leash__job_type job_type = {
    .work = work, .arrived = arrived, .abandoned = abandoned, .free = free_job};

/* ---- life ---- */

void *leash__operation_new(const struct leash__operation_type *type, struct leash__loop *loop, int fd, size_t size,
                           size_t rest, const char *call, int *error)
{
    *error = leash__jobs_ready(loop, call);
    if (*error)
        return NULL;
    struct leash__operation *operation = size < SIZE_MAX - rest ? malloc(size + rest) : NULL;
    *error = operation ? leash__file_busy(loop, fd) : -ENOMEM;
    if (*error == 0) {
        memset(operation, 0, size);
        operation->type = type;
        operation->fd = fd;
        return operation;
    }
    free(operation);
    if (*error == -EBADF)
        leash__refused(*error, "%s: descriptor %d is closed", call, fd);
    else
        leash__refused(*error, "%s: no memory for %zu bytes", call, rest);
    return NULL;
}

static void begin(struct leash__operation *operation, struct leash__loop *loop, const char *subject,
                  struct leash_site *site)
{
    char name[128] = "";
    if (loop->events->at)
        snprintf(name, sizeof name, "%s %s", operation->type->name, subject);
    leash__job_begin(&operation->job, &job_type, loop, site, name);
}

void leash__operation_detach(struct leash__operation *operation, struct leash__loop *loop, const char *subject,
                             struct leash_site *site)
{
    operation->waiter = NULL;
    begin(operation, loop, subject, site);
}

/* The task goes on without it. */
static void give_up(struct leash__operation *operation, struct leash__loop *loop)
{
    operation->waiter = NULL;
    if (operation->job.here && leash__list_empty(&operation->job.arrival.node)) {
        leash__operation_free(operation); /* it has arrived, too late */
    } else if (!operation->type->certain && leash__job_take_back(&operation->job, loop)) {
        leash__file_idle(loop, operation->fd);
        leash__operation_free(operation);
    }
}

int leash__operation_await(struct leash__operation **place, struct leash__task *task, const char *subject,
                           struct leash_site *site)
{
    struct leash__operation *operation = *place;
    struct leash__loop *loop = task->cell.loop;
    struct leash__fut waiter;
    leash__fut_init(&waiter, LEASH__FUT_PLAIN);
    operation->waiter = &waiter;
    begin(operation, loop, subject, site);
    LEASH__EVENT_NOW(loop, LEASH_EV_AWAIT_OBJECT, site, task->cell.id, operation->job.object);
    leash__waits_at(task, site, "file operation");
    if (leash__await_waiter(task, &waiter)) {
        LEASH__EVENT_NOW(loop, LEASH_EV_WAKE, NULL, task->cell.id, ECANCELED);
        give_up(operation, loop);
        *place = NULL;
        return leash__cancelled_here(task);
    }
    operation->waiter = NULL;
    operation->delivered = true;
    return operation->job.code;
}
