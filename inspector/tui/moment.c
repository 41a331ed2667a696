#include "moment.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_MS 30 /* what is read in this time needs no word about it */

struct moment_asking {
    struct worker_job job;
    struct moment *moment; /* NULL: nobody wants the answer any more */
    int64_t task, at_ns;
    struct model_moment told;
    char why[512];
};

static int run(struct worker_job *job, struct trace *trace)
{
    struct moment_asking *asking = (struct moment_asking *)job;
    return model_lane_moment(trace, asking->task, asking->at_ns, &asking->told, asking->why, sizeof asking->why);
}

static void done(struct worker_job *job)
{
    struct moment_asking *asking = (struct moment_asking *)job;
    struct moment *moment = asking->moment;
    if (moment) {
        moment->asking = NULL;
        moment->there = job->result == 0;
        if (moment->there) {
            moment->told = asking->told;
            asking->told = (struct model_moment){0};
        } else {
            snprintf(moment->why, sizeof moment->why, "%s",
                     job->result == -ECANCELED || job->result == -EINTR ? "stopped: choose it again" : asking->why);
        }
        tui_redraw(moment->tui);
    }
    model_moment_free(&asking->told);
    free(asking);
}

static void ask(struct moment *moment)
{
    struct worker *worker = tui_worker(moment->tui);
    if (!worker) {
        snprintf(moment->why, sizeof moment->why, "%s", moment->tui->message);
        return;
    }
    struct moment_asking *asking = moment->asking = xcalloc(1, sizeof *asking);
    asking->job = (struct worker_job){.what = "reading", .run = run, .done = done};
    asking->moment = moment;
    asking->task = moment->task;
    asking->at_ns = moment->at_ns;
    worker_submit(worker, &asking->job);
    worker_wait(worker, PATIENCE_MS);
}

const struct model_moment *moment_get(struct moment *moment, struct tui *tui, int64_t task, int64_t at_ns)
{
    bool known = moment->tui && moment->task == task && moment->at_ns == at_ns;
    if (!known) {
        moment_forget(moment);
        moment->tui = tui;
        moment->task = task;
        moment->at_ns = at_ns;
        ask(moment);
    }
    return moment->there ? &moment->told : NULL;
}

void moment_forget(struct moment *moment)
{
    if (moment->tui && moment->asking) {
        moment->asking->moment = NULL;
        worker_cancel(moment->tui->worker, &moment->asking->job);
    }
    if (moment->there)
        model_moment_free(&moment->told);
    *moment = (struct moment){0};
}
