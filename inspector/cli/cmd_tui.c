#include "accept.h"
#include "accept/baseline.h"
#include "interface.h"
#include "keymap.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool arguments_fit(const struct settings *settings)
{
    if (settings->arguments_count == 1)
        return true;
    complain("tui", "one trace, please (usage: %s)", settings->command->usage);
    return false;
}

static bool no_colour(const struct settings *settings)
{
    const char *none = getenv("NO_COLOR");
    return strcmp(settings->colour, "never") == 0 || (strcmp(settings->colour, "auto") == 0 && none && *none);
}

static struct interface_options options_of(const struct settings *settings)
{
    const struct interface_settings *wanted = &settings->interface;
    const struct accept_settings *accept = &settings->accept;
    static const enum tui_time times[] = {[MODEL_CLOCK_REL] = TUI_TIME_RELATIVE,
                                          [MODEL_CLOCK_ABS] = TUI_TIME_ABSOLUTE,
                                          [MODEL_CLOCK_UNIX] = TUI_TIME_UNIX};
    return (struct interface_options){.app = {.policy = &settings->policy,
                                              .source = &settings->report.source,
                                              .view = wanted->view,
                                              .where = settings->where,
                                              .sort = settings->list.sort,
                                              .suppressions = accept->files_count ? accept->files[0] : NULL,
                                              .baseline = accept->known_is_trace ? NULL : accept->known,
                                              .follow = wanted->follow,
                                              .time = times[settings->report.clock]},
                                      .script = wanted->script,
                                      .rows = wanted->rows ? wanted->rows : 30,
                                      .cols = wanted->cols ? wanted->cols : 100,
                                      .ascii = settings->report.ascii,
                                      .no_colour = no_colour(settings),
                                      .no_mouse = wanted->no_mouse};
}

/* Takes the trace over. */
static int show_trace(const struct settings *settings, struct trace *trace)
{
    const struct model_load_options load = accept_options(settings);
    struct interface_options options = options_of(settings);
    struct model_snapshot snapshot;
    char why[1024];
    options.load = &load;
    options.app.list = load.suppressions;
    options.app.trace = trace;
    options.app.snapshot = &snapshot;
    if (model_load(trace, &load, &snapshot, why, sizeof why) < 0) {
        complain("tui", "%s", why);
        trace_close(trace);
        return EXIT_TROUBLE;
    }
    progress_end();
    model_clock_begin(MODEL_CLOCK_REL, 0); /* a key changes how times are told */
    if (settings->accept.baseline)
        baseline_compare(settings->accept.baseline, &snapshot);
    options.app.verdict = model_judge(&snapshot, &settings->policy);
    int code = interface_run(&options, why, sizeof why);
    if (*why)
        complain("tui", "%s", why);
    model_free(&snapshot);
    return code;
}

/* False, with a message printed: there is nobody to show anything to. */
static bool has_terminal(const struct settings *settings)
{
    if (settings->interface.script || (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)))
        return true;
    complain("tui", "this is no terminal; try: leash check %s", settings->arguments[0]);
    return false;
}

int cmd_tui(int argc, char **argv)
{
    struct settings settings;
    int rc = settings_read(&settings, "tui", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc == 0 && settings.interface.keys) {
        keymap_print(stdout);
        code = EXIT_CLEAN;
    } else if (rc == 0 && arguments_fit(&settings) && has_terminal(&settings) && accept_open(&settings) == 0) {
        struct trace *trace = settings_trace(&settings, settings.arguments[0]);
        code = trace ? show_trace(&settings, trace) : EXIT_TROUBLE;
    }
    accept_close(&settings);
    settings_free(&settings);
    return code;
}
