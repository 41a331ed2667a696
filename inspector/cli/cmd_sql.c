#include "command.h"

static int print_rows(struct settings *settings, struct trace *trace)
{
    struct model_table *table;
    char why[1024];
    if (model_sql_open(trace, settings->arguments[1], &table, why, sizeof why) < 0) {
        complain("sql", "%s", why);
        return EXIT_TROUBLE;
    }
    int code = EXIT_TROUBLE;
    model_table_begin(table);
    if (settings_open(settings, settings->output) == 0) {
        code = settings->format->table(&settings->report, table) < 0 ? EXIT_TROUBLE : EXIT_CLEAN;
        if (code)
            complain("sql", "%s", model_table_failure(table));
        code = settings_close(settings, code);
    }
    model_table_close(table);
    return code;
}

int cmd_sql(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    int rc = settings_read(&settings, "sql", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0)
        goto done;
    if (settings.arguments_count != 2) {
        complain("sql", "a trace and one statement, please (usage: %s)", settings.command->usage);
        goto done;
    }
    settings.trace.any_version = true;
    interrupt_stops_queries();
    trace = settings_trace(&settings, settings.arguments[0]);
    if (!trace)
        goto done;
    code = print_rows(&settings, trace);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
