#include "worker.h"
#include "alloc.h"
#include "clock.h"
#include "query.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Singly linked, in order of submission. */
struct queue {
    struct worker_job *first, **last;
};

struct worker {
    struct trace *trace;
    pthread_t thread;
    int over_fd; /* eventfd: counts jobs in `over` */

    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t work;
    struct queue todo, over;
    struct worker_job *running;
    bool stop;
};

static void push(struct queue *queue, struct worker_job *job)
{
    job->next = NULL;
    *queue->last = job;
    queue->last = &job->next;
}

static struct worker_job *pop(struct queue *queue)
{
    struct worker_job *job = queue->first;
    if (job && !(queue->first = job->next))
        queue->last = &queue->first;
    return job;
}

/* ---- the worker's thread ---- */

static void run(struct worker_job *job, struct trace *trace)
{
    job->result = atomic_load(&job->cancel) ? -ECANCELED : job->run(job, trace);
    if (job->result < 0 && !*job->failure)
        snprintf(job->failure, sizeof job->failure, "%s", trace_failure(trace));
    if (job->result < 0 && atomic_load(&job->cancel))
        job->result = -ECANCELED; /* what came to its end all the same is an answer */
}

/* The next job, or NULL: stop. From here until finish() worker_cancel() interrupts the handle for this job's sake. */
static struct worker_job *take(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    while (!worker->todo.first && !worker->stop)
        pthread_cond_wait(&worker->work, &worker->lock);
    struct worker_job *job = worker->running = pop(&worker->todo);
    trace_resume(worker->trace);
    pthread_mutex_unlock(&worker->lock);
    return job;
}

static void finish(struct worker *worker, struct worker_job *job)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&worker->lock);
    worker->running = NULL;
    push(&worker->over, job);
    pthread_mutex_unlock(&worker->lock);
    while (write(worker->over_fd, &one, sizeof one) < 0 && errno == EINTR)
        continue;
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct worker_job *job;
    while ((job = take(worker))) {
        run(job, worker->trace);
        finish(worker, job);
    }
    return NULL;
}

void worker_progress(struct worker_job *job, uint64_t part, uint64_t whole)
{
    atomic_store_explicit(&job->part, part, memory_order_relaxed);
    atomic_store_explicit(&job->whole, whole, memory_order_relaxed);
}

/* ---- the owner's thread ---- */

/* Signals are the owner's: none may interrupt it less because this thread took it. */
static int start_thread(struct worker *worker)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int rc = pthread_create(&worker->thread, NULL, work, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return -rc;
}

int worker_start(const struct trace *trace, struct worker **out, struct trace_error *error)
{
    struct worker *worker = xcalloc(1, sizeof *worker);
    worker->todo.last = &worker->todo.first;
    worker->over.last = &worker->over.first;
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->work, NULL);
    worker->over_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int rc = worker->over_fd < 0 ? -errno : 0;
    if (rc < 0)
        snprintf(error->text, sizeof error->text, "%s: no descriptor for the worker thread is left", trace_path(trace));
    if (rc == 0)
        rc = trace_dup(trace, &worker->trace, error);
    if (rc == 0 && (rc = start_thread(worker)) < 0)
        snprintf(error->text, sizeof error->text, "%s: the worker thread cannot be started", trace_path(trace));
    if (rc == 0) {
        *out = worker;
        return 0;
    }
    trace_close(worker->trace);
    if (worker->over_fd >= 0)
        close(worker->over_fd);
    pthread_cond_destroy(&worker->work);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
    return rc;
}

void worker_submit(struct worker *worker, struct worker_job *job)
{
    job->result = 0;
    job->failure[0] = '\0';
    job->began_ns = clock_now_ns();
    atomic_store(&job->cancel, false);
    worker_progress(job, 0, 0);
    pthread_mutex_lock(&worker->lock);
    if (worker->stop)
        job->result = -ECANCELED;
    push(worker->stop ? &worker->over : &worker->todo, job);
    pthread_cond_signal(&worker->work);
    pthread_mutex_unlock(&worker->lock);
}

void worker_cancel(struct worker *worker, struct worker_job *job)
{
    pthread_mutex_lock(&worker->lock);
    atomic_store(&job->cancel, true);
    if (worker->running == job)
        trace_interrupt(worker->trace);
    pthread_mutex_unlock(&worker->lock);
}

void worker_cancel_all(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    for (struct worker_job *job = worker->todo.first; job; job = job->next)
        atomic_store(&job->cancel, true);
    if (worker->running) {
        atomic_store(&worker->running->cancel, true);
        trace_interrupt(worker->trace);
    }
    pthread_mutex_unlock(&worker->lock);
}

int worker_fd(const struct worker *worker)
{
    return worker->over_fd;
}

size_t worker_collect(struct worker *worker)
{
    uint64_t count;
    size_t collected = 0;
    while (read(worker->over_fd, &count, sizeof count) < 0 && errno == EINTR)
        continue;
    for (struct worker_job *job;; collected++) {
        pthread_mutex_lock(&worker->lock);
        job = pop(&worker->over);
        pthread_mutex_unlock(&worker->lock);
        if (!job)
            return collected;
        job->done(job);
    }
}

static bool is_idle(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    bool idle = !worker->todo.first && !worker->over.first && !worker->running;
    pthread_mutex_unlock(&worker->lock);
    return idle;
}

bool worker_wait(struct worker *worker, int milliseconds)
{
    const int64_t until = clock_now_ns() + milliseconds * INT64_C(1000000);
    while (!is_idle(worker)) {
        int64_t left = milliseconds < 0 ? -1 : (until - clock_now_ns() + 999999) / 1000000;
        struct pollfd over = {.fd = worker->over_fd, .events = POLLIN};
        if (milliseconds >= 0 && left < 0)
            left = 0;
        int rc = poll(&over, 1, (int)left);
        if (rc == 0 || (rc < 0 && errno != EINTR))
            return false;
        if (rc > 0)
            worker_collect(worker);
    }
    return true;
}

static double progress_of(struct worker_job *job)
{
    uint64_t part = atomic_load_explicit(&job->part, memory_order_relaxed);
    uint64_t whole = atomic_load_explicit(&job->whole, memory_order_relaxed);
    return whole == 0 ? -1 : part >= whole ? 1 : (double)part / (double)whole;
}

bool worker_status(struct worker *worker, struct worker_status *out)
{
    pthread_mutex_lock(&worker->lock);
    struct worker_job *job = worker->running ? worker->running : worker->todo.first;
    if (job) {
        *out = (struct worker_status){job->what, (double)(clock_now_ns() - job->began_ns) / 1e9, progress_of(job), 0};
        for (struct worker_job *at = worker->running ? worker->todo.first : job->next; at; at = at->next)
            out->waiting++;
    }
    pthread_mutex_unlock(&worker->lock);
    return job != NULL;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    worker_cancel_all(worker);
    pthread_mutex_lock(&worker->lock);
    worker->stop = true;
    pthread_cond_signal(&worker->work);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    worker_collect(worker);
    close(worker->over_fd);
    trace_close(worker->trace);
    pthread_cond_destroy(&worker->work);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}
