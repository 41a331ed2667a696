#include "command.h"

static int print_detail(struct settings *settings, struct trace *trace, struct model_ref ref)
{
    struct model_detail detail;
    char why[1024];
    int code = EXIT_TROUBLE;
    if (model_detail_load(trace, ref, &detail, why, sizeof why) < 0) {
        complain("show", "%s", why);
        return EXIT_TROUBLE;
    }
    if (settings_open(settings, settings->output) == 0) {
        settings->format->detail(&settings->report, &detail);
        code = settings_close(settings, EXIT_CLEAN);
    }
    model_detail_free(&detail);
    return code;
}

int cmd_show(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    struct model_ref ref;
    int rc = settings_read(&settings, "show", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0)
        goto done;
    if (settings.arguments_count != 2) {
        complain("show", "an id and one trace, please (usage: %s)", settings.command->usage);
        goto done;
    }
    bool first = model_ref_parse(settings.arguments[0], &ref);
    if (!first && !model_ref_parse(settings.arguments[1], &ref)) {
        complain("show", "\"%s\" is no id: #31 is a task, #c42 a coroutine, #f3 a future, #q3 an object",
                 settings.arguments[0]);
        goto done;
    }
    trace = settings_trace(&settings, settings.arguments[first ? 1 : 0]);
    if (!trace)
        goto done;
    code = print_detail(&settings, trace, ref);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
