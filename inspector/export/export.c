#include "export_private.h"

#include "alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct export_format formats[] = {
    {"chrome-trace", "a timeline for ui.perfetto.dev and chrome://tracing", true, export_chrome},
    {"dot", "who waited for whom at the end, for Graphviz", false, export_dot},
    {"folded", "where time was waited, for flame graphs", true, export_folded},
    {"json", "all that is in it, as one document", true, export_document},
};
#define FORMATS (sizeof formats / sizeof *formats)

const struct export_format *export_format_named(const char *name)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

const struct export_format *export_format_at(size_t index)
{
    return index < FORMATS ? &formats[index] : NULL;
}

int export_write(const struct export_format *format, struct export_job *job)
{
    job->note[0] = job->failure[0] = '\0';
    return format->write(job);
}

static bool load_selection(struct export_run *run)
{
    struct export_job *job = run->job;
    const struct model_rows_options options = {.what = "tasks", .filter = job->filter, .sort = "id"};
    return !job->filter || model_rows_open(job->trace, &options, &run->rows, job->failure, sizeof job->failure) == 0;
}

void export_begin(struct export_run *run, struct export_job *job)
{
    *run = (struct export_run){.job = job, .loader = {.trace = job->trace}};
    run->loader.memory = xcalloc(1, sizeof *run->loader.memory);
    load_run(&run->loader, &run->run);
    run->end_ns = run->run.ended_ns;
    if (run->end_ns == MODEL_NEVER)
        run->end_ns = load_last(&run->loader);
    if (run->end_ns < 0)
        run->end_ns = 0;
    run->loader.failed = run->loader.failed || !load_selection(run);
}

bool export_takes(const struct export_run *run, int64_t task)
{
    size_t low = 0, high = run->rows ? model_rows_count(run->rows) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t id = model_rows_key(run->rows, run->job->trace, middle).id;
        if (id == task)
            return true;
        if (id < task)
            low = middle + 1;
        else
            high = middle;
    }
    return !run->rows;
}

int export_end(struct export_run *run)
{
    struct export_job *job = run->job;
    if (run->loader.failed && !*job->failure)
        snprintf(job->failure, sizeof job->failure, "%s", trace_failure(job->trace));
    else if (run->rows && model_rows_count(run->rows) == 0)
        snprintf(job->note, sizeof job->note, "no task matches the filter");
    model_rows_free(run->rows);
    arena_free(run->loader.memory);
    free(run->loader.memory);
    return run->loader.failed ? -EIO : 0;
}

int64_t export_time(const struct export_run *run, struct trace_query *row, int column, int64_t otherwise)
{
    int64_t time = loader_time(row, column);
    if (time == MODEL_NEVER)
        return otherwise;
    return time < 0 ? 0 : time > run->end_ns ? run->end_ns : time;
}

const char *export_label(struct trace_query *row, int name, int coro)
{
    struct model_subject subject = {.name = trace_text(row, name), .coro = trace_text(row, coro)};
    return model_label(&subject);
}
