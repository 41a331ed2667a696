#include "command.h"
#include "suggest.h"
#include "where.h"

#include <string.h>

static bool is_list(const char *name)
{
    for (size_t i = 0; model_list_name(i); i++)
        if (strcmp(model_list_name(i), name) == 0)
            return true;
    return false;
}

static bool arguments_fit(const struct settings *settings)
{
    struct suggestion near;
    const char *what = settings->arguments_count ? settings->arguments[0] : "";
    if (settings->arguments_count && !is_list(what)) {
        suggest_begin(&near, what);
        for (size_t i = 0; model_list_name(i); i++)
            suggest_offer(&near, model_list_name(i));
        if (near.best)
            complain("list", "there is no list \"%s\"; did you mean \"%s\"?", what, near.best);
        else
            complain("list",
                     "there is no list \"%s\"; there are tasks, coros, awaits, events, sites, functions, files, "
                     "stacks, leaks "
                     "and objects",
                     what);
        return false;
    }
    if (settings->arguments_count != 2) {
        complain("list", "a list and one trace, please (usage: %s)", settings->command->usage);
        return false;
    }
    return true;
}

static int print_table(struct settings *settings, struct trace *trace, struct model_table *table)
{
    int code = EXIT_TROUBLE;
    model_table_begin(table);
    if (settings_open(settings, settings->output) < 0)
        return code;
    code = settings->format->table(&settings->report, table) < 0 ? EXIT_TROUBLE : EXIT_CLEAN;
    if (code)
        complain("list", "%s: %s", trace_path(trace), model_table_failure(table));
    return settings_close(settings, code);
}

static int print_list(struct settings *settings, struct trace *trace)
{
    const char *what = settings->arguments[0];
    struct model_table *table;
    struct filter *filter;
    char why[1024];
    int code = EXIT_TROUBLE;
    if (where_read(settings, what, &filter) < 0)
        return EXIT_TROUBLE;
    settings->list.filter = filter;
    if (model_list_open(trace, what, &settings->list, &table, why, sizeof why) < 0) {
        complain("list", "%s", why);
    } else {
        code = print_table(settings, trace, table);
        if (code == EXIT_CLEAN && filter && settings->list.limit != 0 && model_table_rows(table) == 0)
            where_tell_none(settings, trace, what, filter);
        model_table_close(table);
    }
    filter_free(filter);
    return code;
}

int cmd_list(int argc, char **argv)
{
    struct settings settings;
    struct trace *trace;
    int rc = settings_read(&settings, "list", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0 || !arguments_fit(&settings))
        goto done;
    trace = settings_trace(&settings, settings.arguments[1]);
    if (!trace)
        goto done;
    code = print_list(&settings, trace);
    trace_close(trace);
done:
    settings_free(&settings);
    return code;
}
