/* Jobs: what a thread of the pool does for a loop. A job is queued when it begins; its end comes as a letter and is a
 * callback of its own, as what asyncio's executors call through call_soon_threadsafe.
 *
 *     leash__job_begin -> work() on a thread -> letter -> arrived() on the loop's
 *                      -> leash__job_take_back(): no thread had begun it
 *     the loop ends before: abandoned(); free() once no thread does it any more */
#ifndef LEASH_IO_JOB_H
#define LEASH_IO_JOB_H

#include "errand.h"
#include "pool.h"
#include "types.h"

struct leash__job;

struct leash__job_type {
    /* On a thread of the pool. Returns the job's code. */
    int (*work)(struct leash__job *job);
    /* On that thread, instead of work()'s return: it was ended from inside. The code is -ESRCH. NULL: nothing to do. */
    void (*cut)(struct leash__job *job);
    /* On the loop's thread: it has been done, and is its maker's again. */
    void (*arrived)(struct leash__job *job, struct leash__loop *loop);
    /* On the loop's thread: its end will not be heard of. What points to it from the loop's side is to be cut. */
    void (*abandoned)(struct leash__job *job, struct leash__loop *loop);
    /* With all that it owns; of one that was abandoned. Any thread. */
    void (*free)(struct leash__job *job);
};

struct leash__job {
    const struct leash__job_type *type;
    struct leash__pool_item item;
    struct leash__errand errand;
    struct leash__letter letter;
    struct leash__callback arrival;
    uint64_t loop_id;
    uint64_t object; /* in the trace */
    int code;        /* valid once it was done */
    bool began;      /* work() was called; valid for the loop's thread once it was done or taken back */
    bool here;       /* its end is known to the loop's thread, on which alone this is looked at */
    bool one_left;   /* of the loop and the thread that does it, one has let go without the other; atomic */
};

/* All that may fail before a job can begin: the loop can be reached, there is a thread. 0; -EMFILE, -ENOMEM, -EAGAIN
 * (no thread), -ESHUTDOWN (the end of the run, or of the process, waits for the jobs that are there); said. */
int leash__jobs_ready(struct leash__loop *loop, const char *call);
/* Gives it to the pool. `site` made it; its text names the job. The object's name in the trace is `name`, if any. */
void leash__job_begin(struct leash__job *job, const struct leash__job_type *type, struct leash__loop *loop,
                      struct leash_site *site, const char *name);
/* True: it was not begun, and is the caller's again. The loop's thread. */
bool leash__job_take_back(struct leash__job *job, struct leash__loop *loop);

#endif
