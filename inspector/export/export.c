#include "export_private.h"

#include "alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct export_format formats[] = {
    {"chrome-trace", "a timeline for ui.perfetto.dev and chrome://tracing", export_chrome},
    {"dot", "who waited for whom at the end, for Graphviz", export_dot},
    {"folded", "where time was waited, for flame graphs", export_folded},
    {"json", "all that is in it, as one document", export_document},
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
}

int export_end(struct export_run *run)
{
    struct export_job *job = run->job;
    if (run->loader.failed)
        snprintf(job->failure, sizeof job->failure, "%s", trace_failure(job->trace));
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
