#include "command.h"
#include "export.h"

#define NO_LIMIT 1e8 /* seconds: an export takes as long as the trace is large */

static int write_to(struct settings *settings, struct trace *trace)
{
    struct export_job job = {.trace = trace, .weight = settings->weight, .limit = settings->list.limit};
    if (settings_open(settings, settings->output) < 0)
        return EXIT_TROUBLE;
    job.out = settings->report.out;
    int rc = export_write(settings->export_to, &job);
    if (rc < 0)
        complain("export", "%s: %s", trace_path(trace), job.failure);
    else if (*job.note)
        complain("export", "%s: %s", trace_path(trace), job.note);
    return settings_close(settings, rc < 0 ? EXIT_TROUBLE : EXIT_CLEAN);
}

static bool is_complete(const struct settings *settings)
{
    if (!settings->export_to)
        complain("export", "to what? (usage: %s)", settings->command->usage);
    else if (settings->arguments_count != 1)
        complain("export", "one trace, please (usage: %s)", settings->command->usage);
    return settings->export_to && settings->arguments_count == 1;
}

int cmd_export(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    int rc = settings_read(&settings, "export", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !is_complete(&settings))
        goto done;
    settings.trace.query_seconds = NO_LIMIT;
    settings.trace.spills = true;
    trace = settings_trace(&settings, settings.arguments[0]);
    if (!trace)
        goto done;
    code = write_to(&settings, trace);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
