#include "check.h"
#include "accept.h"
#include "alloc.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

void checked_add(struct checked *checked, const char *path, const struct settings *settings)
{
    struct trace *trace;
    struct trace_error error;
    const struct model_load_options options = accept_options(settings);
    X_GROW(checked->items, checked->count, checked->capacity);
    struct checked_trace *item = &checked->items[checked->count++];
    *item = (struct checked_trace){.path = xstrdup(path)};
    progress_begin("reading", path);
    if (trace_open(path, &settings->trace, &trace, &error) < 0) {
        progress_end();
        snprintf(item->trouble, sizeof item->trouble, "%s", error.text);
        return;
    }
    item->opened = model_load(trace, &options, &item->snapshot, item->trouble, sizeof item->trouble) == 0;
    trace_close(trace);
    progress_end();
}

void checked_add_trouble(struct checked *checked, const char *path, const char *words)
{
    X_GROW(checked->items, checked->count, checked->capacity);
    struct checked_trace *item = &checked->items[checked->count++];
    *item = (struct checked_trace){.path = xstrdup(path)};
    snprintf(item->trouble, sizeof item->trouble, "%.500s: %s", path, words);
}

void checked_rename(struct checked_trace *trace, const char *path)
{
    free(trace->path);
    trace->path = xstrdup(path);
    if (trace->opened)
        model_set_path(&trace->snapshot, path);
}

bool checked_is_clean(const struct checked *checked, const struct settings *settings)
{
    for (size_t i = 0; i < checked->count; i++) {
        struct checked_trace *item = &checked->items[i];
        if (!item->opened || model_judge(&item->snapshot, &settings->policy).code != EXIT_CLEAN)
            return false;
    }
    return true;
}

static void judge(struct checked_trace *item, const struct settings *settings, struct report_trace *out)
{
    *out = (struct report_trace){.path = item->path, .verdict.code = EXIT_TROUBLE};
    if (item->opened) {
        out->verdict = model_judge(&item->snapshot, &settings->policy);
        out->snapshot = &item->snapshot;
    } else {
        out->trouble = item->trouble;
        complain(settings->command->name, "%s", item->trouble);
    }
}

/* The report itself, then those of --output: never coloured, all of the same verdicts. */
static void write_reports(struct settings *settings, struct checked *checked, const struct report_trace *traces,
                          int code)
{
    struct report_options options = settings->report;
    settings->reported = true;
    if (settings->accept.generate)
        accept_generate(settings, checked);
    else
        settings->format->check(&options, traces, checked->count, code);
    options.colour = false;
    for (size_t i = 0; i < settings->outputs_count; i++) {
        options.out = settings->outputs[i].file;
        settings->outputs[i].format->check(&options, traces, checked->count, code);
    }
}

int checked_report(struct checked *checked, struct settings *settings)
{
    struct report_trace *traces = xcalloc(checked->count, sizeof *traces);
    accept_compare(settings, checked);
    int asked = accept_code(settings, checked), code = asked;
    for (size_t i = 0; i < checked->count; i++) {
        judge(&checked->items[i], settings, &traces[i]);
        if (asked == EXIT_LEAKS) /* --ratchet: what is missing is a fault of all of them together */
            traces[i].verdict.code = model_graver(traces[i].verdict.code, EXIT_LEAKS);
        code = model_graver(code, traces[i].verdict.code);
    }
    write_reports(settings, checked, traces, code);
    free(traces);
    accept_tell(settings, checked);
    return code == EXIT_LEAKS ? settings->report.leak_code : code;
}

void checked_free(struct checked *checked)
{
    for (size_t i = 0; i < checked->count; i++) {
        free(checked->items[i].path);
        model_free(&checked->items[i].snapshot);
    }
    free(checked->items);
    *checked = (struct checked){0};
}
