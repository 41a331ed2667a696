#include "command.h"
#include "export.h"
#include "where.h"

#define NO_LIMIT 1e8 /* seconds: an export takes as long as the trace is large */

static int write_to(struct settings *settings, struct trace *trace, const struct filter *filter)
{
    struct export_job job = {
        .trace = trace, .weight = settings->weight, .limit = settings->list.limit, .filter = filter};
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
    else if (settings->where && !settings->export_to->filters)
        complain("export", "--where does not go with --to %s", settings->export_to->name);
    else
        return true;
    return false;
}

int cmd_export(int argc, char **argv)
{
    struct settings settings;
    struct filter *filter = NULL;
    struct trace *trace;
    int rc = settings_read(&settings, "export", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !is_complete(&settings) || where_read(&settings, "tasks", &filter) < 0)
        goto done;
    settings.trace.query_seconds = NO_LIMIT;
    settings.trace.spills = true;
    trace = settings_trace(&settings, settings.arguments[0]);
    if (!trace)
        goto done;
    code = write_to(&settings, trace, filter);
    trace_close(trace);
done:
    filter_free(filter);
    settings_free(&settings);
    return code;
}
