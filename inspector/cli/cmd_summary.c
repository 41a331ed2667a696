#include "accept.h"
#include "command.h"
#include "picture.h"

static int print_summary(struct settings *settings, struct trace *trace, const struct model_summary *summary,
                         struct model_snapshot *snapshot)
{
    struct report_trace judged = {
        .path = trace_path(trace), .snapshot = snapshot, .verdict = model_judge(snapshot, &settings->policy)};
    if (settings_open(settings, settings->output) < 0)
        return EXIT_TROUBLE;
    picture_format_of(settings->format)->summary(&settings->report, &judged, summary);
    return settings_close(settings, EXIT_CLEAN);
}

static int sum_up(struct settings *settings, struct trace *trace)
{
    struct model_snapshot snapshot;
    struct model_summary summary;
    char why[1024];
    int code = EXIT_TROUBLE;
    const struct model_load_options options = accept_options(settings);
    if (model_load(trace, &options, &snapshot, why, sizeof why) < 0) {
        complain("summary", "%s", why);
        return EXIT_TROUBLE;
    }
    if (model_summary_load(trace, &snapshot, &summary, why, sizeof why) < 0) {
        complain("summary", "%s", why);
    } else {
        code = print_summary(settings, trace, &summary, &snapshot);
        model_summary_free(&summary);
    }
    model_free(&snapshot);
    return code;
}

int cmd_summary(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    int rc = settings_read(&settings, "summary", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !settings_picture(&settings))
        goto done;
    if (settings.arguments_count != 1) {
        complain("summary", "one trace, please (usage: %s)", settings.command->usage);
        goto done;
    }
    if (accept_open(&settings) < 0)
        goto done;
    trace = settings_trace(&settings, settings.arguments[0]);
    if (!trace)
        goto done;
    code = sum_up(&settings, trace);
    trace_close(trace);
done:
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
