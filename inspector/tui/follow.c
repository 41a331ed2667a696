#include "follow.h"
#include "alloc.h"
#include "clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LOOK_NS INT64_C(250000000)
#define REST    3 /* after a load of t seconds the next one waits for that many times t */

/* A snapshot that is being loaded, or was and waits to be applied. */
struct load {
    struct worker_job job;
    struct follow *follow; /* NULL: nobody is interested any more */
    const struct model_load_options *options;
    struct trace *old; /* what is open; only to be reopened */
    bool reopen;
    struct trace *trace; /* ... that was opened for it */
    struct model_snapshot snapshot;
    int64_t began_ns;
};

struct follow {
    struct tui *tui;
    const struct model_load_options *options;
    struct load *running, *fresh;   /* NULL: none */
    struct model_snapshot replaced; /* zero, but from follow_apply() to follow_settle() */
    bool over;                      /* nothing more will come */
    int64_t look_ns;                /* CLOCK_MONOTONIC, when to look next */
    int64_t load_ns;                /* ... and when to load again at the earliest */
    bool changed;                   /* since the last load began */
    int64_t events, counted_ns;     /* at the last load: what the rate counts from */
    double rate;
};

static void free_load(struct load *load)
{
    if (!load)
        return;
    model_free(&load->snapshot);
    trace_close(load->trace);
    free(load);
}

/* ---- a load ---- */

static int run_load(struct worker_job *job, struct trace *trace)
{
    struct load *load = (struct load *)job;
    struct trace_error error;
    if (load->reopen) {
        int rc = trace_reopen(load->old, &load->trace, &error);
        if (rc < 0) {
            snprintf(job->failure, sizeof job->failure, "%.250s", error.text);
            return rc;
        }
        trace = load->trace;
    }
    return model_load(trace, load->options, &load->snapshot, job->failure, sizeof job->failure);
}

static void count_rate(struct follow *follow, const struct model_run *run)
{
    int64_t now = clock_now_ns();
    double seconds = (double)(now - follow->counted_ns) / 1e9;
    if (follow->counted_ns && seconds > 0 && run->events >= follow->events)
        follow->rate = (double)(run->events - follow->events) / seconds;
    follow->events = run->events;
    follow->counted_ns = now;
}

static void done_load(struct worker_job *job)
{
    struct load *load = (struct load *)job;
    struct follow *follow = load->follow;
    if (!follow) {
        free_load(load);
        return;
    }
    follow->running = NULL;
    follow->load_ns = clock_now_ns() + REST * (clock_now_ns() - load->began_ns);
    if (job->result < 0) {
        follow->changed = true;
        if (job->result != -ECANCELED)
            tui_say(follow->tui, ROLE_ERROR, "%s", job->failure);
        follow->over = load->reopen && job->result != -ECANCELED;
        free_load(load);
    } else {
        free_load(follow->fresh);
        follow->fresh = load;
        follow->over = load->reopen && load->snapshot.run.ending != MODEL_LIVE;
        count_rate(follow, &load->snapshot.run);
    }
    tui_redraw(follow->tui);
}

static void begin_load(struct follow *follow, bool reopen)
{
    struct worker *worker = tui_worker(follow->tui);
    if (!worker) {
        follow->over = true;
        return;
    }
    struct load *load = xcalloc(1, sizeof *load);
    load->job = (struct worker_job){
        .what = reopen ? "reading the end of the run" : "reading what is new", .run = run_load, .done = done_load};
    load->follow = follow;
    load->options = follow->options;
    load->old = follow->tui->trace;
    load->reopen = reopen;
    load->began_ns = clock_now_ns();
    follow->changed = false;
    follow->running = load;
    worker_submit(worker, &load->job);
}

/* ---- looking ---- */

struct follow *follow_new(struct tui *tui, const struct model_load_options *options)
{
    struct follow *follow = xcalloc(1, sizeof *follow);
    follow->tui = tui;
    tui->follower = follow;
    follow->options = options;
    follow->over = !trace_is_live(tui->trace);
    count_rate(follow, &tui->snapshot->run);
    return follow;
}

void follow_free(struct follow *follow)
{
    if (!follow)
        return;
    if (follow->running) {
        worker_cancel(follow->tui->worker, &follow->running->job);
        follow->running->follow = NULL;
    }
    free_load(follow->fresh);
    model_free(&follow->replaced);
    follow->tui->follower = NULL;
    free(follow);
}

int follow_timeout(const struct follow *follow)
{
    if (follow->over)
        return -1;
    int64_t left = follow->look_ns - clock_now_ns();
    return left <= 0 ? 0 : (int)((left + 999999) / 1000000);
}

bool follow_look(struct follow *follow)
{
    int64_t now = clock_now_ns();
    if (follow->over || now < follow->look_ns)
        return false;
    follow->look_ns = now + LOOK_NS;
    if (follow->running)
        return false;
    bool opened_anew = follow->fresh && follow->fresh->trace; /* the worker's handle is on what was there before */
    enum trace_news news = trace_news(opened_anew ? follow->fresh->trace : follow->tui->trace);
    follow->changed = follow->changed || news != TRACE_SAME;
    if (follow->changed && now >= follow->load_ns)
        begin_load(follow, opened_anew || news == TRACE_REOPEN);
    bool slower = !follow->changed && !follow->running && follow->rate > 0;
    if (slower)
        follow->rate = 0;
    return slower;
}

struct follow_state follow_state(const struct tui *tui)
{
    const struct follow *follow = tui->follower;
    bool news = follow && follow->fresh;
    const struct model_run *run = news ? &follow->fresh->snapshot.run : &tui->snapshot->run;
    return (struct follow_state){run->ending, run->now_ns, follow ? follow->rate : 0, news};
}

bool follow_wants(const struct follow *follow)
{
    const struct tui *tui = follow->tui;
    return follow->fresh && ((tui->follow && !tui->paused) || follow->over);
}

/* The worker has a handle on the old trace and goes first; the next one to need it starts another. */
static void replace_trace(struct tui *tui, struct load *load)
{
    worker_stop(tui->worker);
    tui->worker = NULL;
    trace_close(tui->trace);
    tui->trace = load->trace;
    load->trace = NULL;
}

void follow_settle(struct follow *follow)
{
    model_free(&follow->replaced);
    follow->replaced = (struct model_snapshot){0};
}

bool follow_apply(struct follow *follow)
{
    struct load *load = follow->fresh;
    struct tui *tui = follow->tui;
    if (!load)
        return false;
    follow->fresh = NULL;
    if (load->trace)
        replace_trace(tui, load);
    follow_settle(follow);
    follow->replaced = *tui->snapshot;
    *tui->snapshot = load->snapshot;
    load->snapshot = (struct model_snapshot){0};
    tui->verdict = model_judge(tui->snapshot, tui->policy);
    free_load(load);
    return true;
}
