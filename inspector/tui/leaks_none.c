#include "leaks_none.h"

#include "alloc.h"

#include <inttypes.h>
#include <stdlib.h>

#define PATIENCE_MS 30

struct summing {
    struct worker_job job;
    const struct model_snapshot *snapshot;
    struct model_summary *summary;
    void (*done)(void *owner, struct model_summary *summary);
    void *owner;
};

static int run(struct worker_job *job, struct trace *trace)
{
    struct summing *summing = (struct summing *)job;
    summing->summary = xcalloc(1, sizeof *summing->summary);
    return model_summary_load(trace, summing->snapshot, summing->summary, job->failure, sizeof job->failure);
}

static void done(struct worker_job *job)
{
    struct summing *summing = (struct summing *)job;
    if (job->result < 0) {
        free(summing->summary);
        summing->summary = NULL;
    }
    summing->done(summing->owner, summing->summary);
    free(summing);
}

void leaks_none_begin(struct tui *tui, void (*then)(void *owner, struct model_summary *summary), void *owner)
{
    struct worker *worker = tui_worker(tui);
    if (!worker)
        return;
    struct summing *summing = xcalloc(1, sizeof *summing);
    summing->job = (struct worker_job){.what = "summing up", .run = run, .done = done};
    summing->snapshot = tui->snapshot;
    summing->done = then;
    summing->owner = owner;
    worker_submit(worker, &summing->job);
    worker_wait(worker, PATIENCE_MS);
}

#define LEFT "             "

static void add_verdict(const struct model_snapshot *snapshot, struct lines *out)
{
    struct styled *line = lines_add(out);
    styled_add(line, ROLE_NORMAL, LEFT);
    switch (snapshot->run.ending) {
    case MODEL_LIVE:
        styled_add(line, ROLE_OK, "Nothing would leak now. The program still runs.");
        break;
    case MODEL_CRASHED:
        styled_format(line, ROLE_ERROR, "No leak was seen before the crash. %" PRId64 " tasks were running.",
                      snapshot->run.pending);
        break;
    default:
        if (model_is_whole(snapshot))
            styled_add(line, ROLE_OK, "No leaks. Every coroutine ran and every task was joined.");
        else
            styled_add(line, ROLE_WARN, "No leak is in what was recorded, but not all was recorded.");
    }
}

/* Of a program that was killed: a few of its tasks, which are no leaks. */
static void add_running(struct tui *tui, struct lines *out)
{
    const struct model_snapshot *snapshot = tui->snapshot;
    char text[MODEL_REF_TEXT];
    if (snapshot->run.ending != MODEL_CRASHED)
        return;
    for (size_t i = 0; i < snapshot->running_count; i++) {
        const struct model_example *example = &snapshot->running[i];
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_NORMAL, LEFT "  running at the crash: %s %s",
                      model_ref_text(example->subject.ref, text), model_label(&example->subject));
        if (example->wait.label)
            styled_format(line, ROLE_DIM, ", in %s", example->wait.label);
        line->indent = sizeof LEFT + 1;
    }
    if (snapshot->run.pending > (int64_t)snapshot->running_count)
        styled_format(lines_add(out), ROLE_DIM, LEFT "  and %" PRId64 " more",
                      snapshot->run.pending - (int64_t)snapshot->running_count);
    if (snapshot->running_count)
        lines_add(out);
}

/* "   1204 tasks         1204 finished, 1200 joined" */
static struct styled *add_count(struct lines *out, int64_t count, const char *what)
{
    struct styled *line = lines_add(out);
    styled_format(line, ROLE_NORMAL, LEFT "  %9" PRId64 " %s", count, what);
    styled_to(line, 38);
    return line;
}

static void add_figures(const struct model_figures *figures, struct lines *out)
{
    struct styled *line = add_count(out, figures->tasks, "tasks");
    int64_t finished = figures->done + figures->failed + figures->cancelled;
    styled_format(line, ROLE_NORMAL, "%9" PRId64 " finished", finished);
    if (figures->joined >= 0)
        styled_format(line, ROLE_NORMAL, ", %" PRId64 " joined", figures->joined);
    line = add_count(out, figures->coros, "coroutines");
    if (figures->awaited >= 0)
        styled_format(line, ROLE_NORMAL, "%9" PRId64 " awaited", figures->awaited);
    line = add_count(out, figures->failures, "failures");
    if (figures->retrieved >= 0)
        styled_format(line, ROLE_NORMAL, "%9" PRId64 " retrieved", figures->retrieved);
    add_count(out, figures->pending, "pending when the loop stopped");
}

static void add_record(struct tui *tui, const char *what, const struct model_record *record, struct lines *out)
{
    char text[TUI_SITE_TEXT];
    if (!record->label)
        return;
    struct styled *line = lines_add(out);
    styled_format(line, ROLE_NORMAL, LEFT "  %-13s %s  ", what, record->label);
    styled_format(line, ROLE_ACCENT, "%s", model_duration_text(record->ns, text));
    if (record->site.file)
        styled_format(line, ROLE_DIM, "  %s", tui_site_text(tui, &record->site, text));
    line->ref = record->ref;
}

static void add_summary(struct tui *tui, const struct model_summary *summary, struct lines *out)
{
    add_figures(&summary->figures, out);
    lines_add(out);
    add_record(tui, "slowest wait", &summary->slowest_wait, out);
    add_record(tui, "longest life", &summary->longest_life, out);
    add_record(tui, "longest run", &summary->longest_run, out);
}

void leaks_none(struct tui *tui, const struct model_summary *summary, size_t suppressed, struct lines *out)
{
    const struct model_snapshot *snapshot = tui->snapshot;
    for (int i = 0; i < 3; i++)
        lines_add(out);
    add_verdict(snapshot, out);
    lines_add(out);
    add_running(tui, out);
    if (summary) {
        add_summary(tui, summary, out);
    } else {
        add_count(out, snapshot->run.tasks, "tasks");
        add_count(out, snapshot->run.coros, "coroutines");
    }
    if (suppressed) {
        lines_add(out);
        styled_format(lines_add(out), ROLE_NORMAL, LEFT "  suppressed %zu (L lists them)", suppressed);
    }
    lines_add(out);
    if (snapshot->note) {
        struct styled *line = lines_add(out);
        styled_format(line, ROLE_WARN, LEFT "%s", snapshot->note);
        line->indent = sizeof LEFT - 1;
    }
}
