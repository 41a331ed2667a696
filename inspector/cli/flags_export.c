#include "export.h"
#include "flags.h"

#include <errno.h>
#include <string.h>

static int set_to(struct settings *settings, const char *value)
{
    struct suggestion near;
    struct buffer all = {0};
    settings->export_to = export_format_named(value);
    if (settings->export_to)
        return 0;
    suggest_begin(&near, value);
    for (size_t i = 0; export_format_at(i); i++) {
        suggest_offer(&near, export_format_at(i)->name);
        buffer_format(&all, "%s%s", i == 0 ? "" : export_format_at(i + 1) ? ", " : " and ", export_format_at(i)->name);
    }
    if (near.best)
        complain(settings->command->name, "--to: there is no \"%s\"; did you mean \"%s\"?", value, near.best);
    else
        complain(settings->command->name, "--to: there is no \"%s\"; there are %s", value, buffer_text(&all));
    buffer_free(&all);
    return -EINVAL;
}

static int set_weight(struct settings *settings, const char *value)
{
    static const char *const words[] = {[EXPORT_WAIT] = "wait", [EXPORT_LIFE] = "life", [EXPORT_COUNT] = "count"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], value) == 0) {
            settings->weight = (enum export_weight)i;
            return 0;
        }
    }
    return flag_wrong_value(settings, "--weight", value, "wait, life or count");
}

const struct flag flags_export[] = {
    {"to", 0, TAKES_EXPORT, "chrome-trace|dot|folded|json", set_to, "what to write (see below)"},
    {"weight", 0, TAKES_EXPORT, "wait|life|count", set_weight, "folded: time waited, lives of tasks, their number"},
    {"output", 'o', TAKES_EXPORT | FLAG_TYPED, "FILE", flag_set_output, "write to FILE, not to standard output"},
    {NULL, 'o', TAKES_REPAIR | FLAG_TYPED, "NEW.db", flag_set_output,
     "where the repaired trace goes: nothing is there yet"},
    {"quiet", 'q', TAKES_REPAIR, NULL, flag_set_quiet, "no report, only the exit code"},
    {0},
};
