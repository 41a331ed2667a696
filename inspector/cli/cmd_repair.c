#include "buffer.h"
#include "command.h"
#include "repair.h"

#include <inttypes.h>

static void add_count(struct buffer *out, int64_t count, const char *one, const char *many)
{
    if (count)
        buffer_format(out, "%s%" PRId64 " %s", out->length ? ", " : "", count, count == 1 ? one : many);
}

static bool lost_rows(const struct repair_table *table)
{
    return table->missing || table->damaged;
}

static void print_table(FILE *out, const struct repair_table *table)
{
    struct buffer why = {0};
    char had[24] = "?";
    add_count(&why, table->missing, "page is missing", "pages are missing");
    add_count(&why, table->damaged, "row is damaged", "rows are damaged");
    add_count(&why, table->found, "page was found by its rows", "pages were found by their rows");
    if (table->expected >= 0)
        snprintf(had, sizeof had, "%" PRId64, table->expected);
    fprintf(out, "  %-12s %10" PRId64 " %10s%s%s\n", table->name, table->saved, had, why.length ? "  " : "",
            buffer_text(&why));
    buffer_free(&why);
}

static void print_repair(FILE *out, const struct repair *repair, const char *path)
{
    size_t lost = 0;
    for (size_t i = 0; i < repair->tables_count; i++)
        lost += lost_rows(&repair->tables[i]);
    if (repair->rebuilt)
        fprintf(out, "  %-12s %10s %10s\n", "TABLE", "SAVED", "HAD");
    for (size_t i = 0; i < repair->tables_count; i++)
        if (repair->tables[i].expected || lost_rows(&repair->tables[i]))
            print_table(out, &repair->tables[i]);
    for (size_t i = 0; i < repair->reasons_count; i++)
        fprintf(out, "%s%s\n", i ? "        " : repair->whole ? "damage: " : "lost:   ", repair->reasons[i]);
    if (repair->whole)
        fprintf(out, "%s: whole, nothing was lost\n", path);
    else if (lost)
        fprintf(out, "%s: partial, %zu of %zu tables lost rows\n", path, lost, repair->tables_count);
    else
        fprintf(out, "%s: partial\n", path);
}

static int print_result(struct settings *settings, const struct repair *repair)
{
    const char *path = settings->output;
    int code = repair->whole ? EXIT_CLEAN : EXIT_INCONCLUSIVE;
    settings->colour = "never";
    if (settings_open(settings, NULL) < 0)
        return EXIT_TROUBLE;
    if (settings->report.verbosity >= 0)
        print_repair(settings->report.out, repair, path);
    return settings_close(settings, code);
}

int cmd_repair(int argc, char **argv)
{
    struct settings settings;
    struct repair repair;
    struct trace_error error;
    int rc = settings_read(&settings, "repair", argc, argv), code = rc > 0 ? EXIT_CLEAN : EXIT_TROUBLE;
    if (rc != 0)
        goto done;
    if (settings.arguments_count != 1 || !settings.output) {
        complain("repair", "one trace, and where the repaired one goes, please (usage: %s)", settings.command->usage);
        goto done;
    }
    interrupt_stops_queries();
    if (trace_repair(settings.arguments[0], settings.output, &repair, &error) < 0)
        complain("repair", "%s", error.text);
    else
        code = print_result(&settings, &repair);
done:
    settings_free(&settings);
    return code;
}
