/* One thread with a trace handle of its own, which runs jobs one after the other: what takes longer than a key may take
 * (sorting, filtering, the user's SQL) runs here, and the terminal stays awake.
 *
 *   owner's thread                                   worker's thread
 *   worker_submit(job)             ────────────────> job->run(job, trace)
 *   poll(worker_fd()) becomes readable <──────────── it returned
 *   worker_collect()  calls job->done(job)
 *
 * All functions are called by the one thread that started the worker, but worker_progress(). A job is the caller's: as
 * a rule the first member of a struct on the heap that carries the question in and the answer out, and that done()
 * frees. done() is called exactly once for each job that was submitted, in the order of submission, also if it was
 * cancelled. */
#ifndef LEASH_INSPECTOR_WORKER_H
#define LEASH_INSPECTOR_WORKER_H

#include "trace.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct worker;

struct worker_job {
    /* Set by the caller. */
    const char *what; /* "sorting", for the status row; outlives the job */
    /* On the worker's thread, which alone uses `trace` meanwhile. 0 or -errno. Once cancelled, queries fail with
     * -EINTR; long loops beside them look at trace_is_interrupted(). Touches nothing that the owner's thread may touch.
     */
    int (*run)(struct worker_job *job, struct trace *trace);
    void (*done)(struct worker_job *job); /* on the owner's thread; may submit further jobs */

    /* Valid in done(). */
    int result;        /* what run() returned; -ECANCELED: it was cancelled, and failed or was never called */
    char failure[256]; /* why run() failed: what it wrote here, else trace_failure(); empty: it did not fail */

    /* The worker's own. */
    struct worker_job *next;
    int64_t began_ns;   /* CLOCK_MONOTONIC, when it was submitted */
    atomic_bool cancel; /* wanted */
    atomic_uint_fast64_t part, whole;
};

struct worker_status {
    const char *what; /* of the job that runs or runs next */
    double seconds;   /* since it was submitted */
    double progress;  /* 0 to 1; below 0: it does not tell */
    size_t waiting;   /* jobs behind it */
};

/* Opens a second handle on `trace` and starts the thread. 0 or -errno with a message. `trace` must outlive the worker.
 */
int worker_start(const struct trace *trace, struct worker **out, struct trace_error *error);
/* Cancels what is left, calls done() of it, ends the thread. NULL is fine. */
void worker_stop(struct worker *worker);

void worker_submit(struct worker *worker, struct worker_job *job);
/* Its queries stop soon, and done() comes with -ECANCELED, unless it comes to its end before it sees that. */
void worker_cancel(struct worker *worker, struct worker_job *job);
void worker_cancel_all(struct worker *worker);

/* Readable while there is something to collect; for poll(), beside the keyboard. Not to be read by the caller. */
int worker_fd(const struct worker *worker);
/* Calls done() of what is over; how many. */
size_t worker_collect(struct worker *worker);
/* Collects until no job is left or `milliseconds` are over (-1: no limit); true: none is left. A few milliseconds after
 * a submit spare the spinner for what is fast. */
bool worker_wait(struct worker *worker, int milliseconds);
/* False: no job runs or waits. */
bool worker_status(struct worker *worker, struct worker_status *out);

/* Called by run(): how much of how much is done. */
void worker_progress(struct worker_job *job, uint64_t part, uint64_t whole);

#endif
