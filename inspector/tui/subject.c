#include "subject.h"
#include "alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PATIENCE_MS 30 /* what is read in this time needs no word about it */

struct reading;

/* The one that was asked for last. */
struct subject {
    struct model_ref ref;
    struct reading *reading; /* that will answer; NULL: none */
    bool there;              /* detail is valid */
    struct model_detail detail;
    char why[512]; /* empty: it is there, or being read */
};

struct reading {
    struct worker_job job;
    struct tui *tui;
    struct model_ref ref;
    struct model_detail detail;
    char why[512];
};

static int run(struct worker_job *job, struct trace *trace)
{
    struct reading *reading = (struct reading *)job;
    return model_detail_load(trace, reading->ref, &reading->detail, reading->why, sizeof reading->why);
}

static void done(struct worker_job *job)
{
    struct reading *reading = (struct reading *)job;
    struct subject *subject = reading->tui->subject;
    bool wanted = subject && subject->reading == reading;
    if (wanted)
        subject->reading = NULL;
    if (wanted && job->result == 0) {
        subject->there = true;
        subject->detail = reading->detail;
    } else {
        if (wanted)
            snprintf(subject->why, sizeof subject->why, "%s",
                     job->result == -ECANCELED || job->result == -EINTR ? "stopped: choose it again" : reading->why);
        model_detail_free(&reading->detail); /* one that was cancelled may have come to its end */
    }
    tui_redraw(reading->tui);
    free(reading);
}

static void begin(struct tui *tui, struct subject *subject)
{
    struct worker *worker = tui_worker(tui);
    if (!worker) {
        snprintf(subject->why, sizeof subject->why, "%s", tui->message);
        return;
    }
    struct reading *reading = xcalloc(1, sizeof *reading);
    reading->job = (struct worker_job){.what = "reading", .run = run, .done = done};
    reading->tui = tui;
    reading->ref = subject->ref;
    subject->reading = reading;
    worker_submit(worker, &reading->job);
    worker_wait(worker, PATIENCE_MS);
}

const struct model_detail *subject_get(struct tui *tui, struct model_ref ref, const char **why)
{
    struct subject *subject = tui->subject;
    if (!subject || subject->ref.kind != ref.kind || subject->ref.id != ref.id) {
        subject_forget(tui);
        subject = tui->subject = xcalloc(1, sizeof *subject);
        subject->ref = ref;
        begin(tui, subject);
    }
    *why = *subject->why ? subject->why : NULL;
    return subject->there ? &subject->detail : NULL;
}

void subject_forget(struct tui *tui)
{
    if (tui->subject && tui->subject->reading && tui->worker)
        worker_cancel(tui->worker, &tui->subject->reading->job);
    if (tui->subject && tui->subject->there)
        model_detail_free(&tui->subject->detail);
    free(tui->subject);
    tui->subject = NULL;
}
