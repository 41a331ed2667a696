#include "command.h"

#include <unistd.h>

static int print_rows(struct settings *settings, struct trace *trace, const char *sql)
{
    struct model_table *table;
    char why[1024];
    if (model_sql_open(trace, sql, &table, why, sizeof why) < 0) {
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
    /* In either order, as an id and a trace. */
    bool trace_last = access(settings.arguments[0], F_OK) < 0 && access(settings.arguments[1], F_OK) == 0;
    trace = settings_trace(&settings, settings.arguments[trace_last]);
    if (!trace)
        goto done;
    code = print_rows(&settings, trace, settings.arguments[!trace_last]);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
