#include "export.h"
#include "flags.h"

#include <errno.h>

static int set_to(struct settings *settings, const char *value)
{
    struct suggestion near;
    settings->export_to = export_format_named(value);
    if (settings->export_to)
        return 0;
    suggest_begin(&near, value);
    for (size_t i = 0; export_format_at(i); i++)
        suggest_offer(&near, export_format_at(i)->name);
    if (near.best)
        complain(settings->command->name, "--to: there is no \"%s\"; did you mean \"%s\"?", value, near.best);
    else
        complain(settings->command->name, "--to: there is no \"%s\" (`leash export -h` names what there is)", value);
    return -EINVAL;
}

const struct flag flags_export[] = {
    {"to", 0, TAKES_EXPORT, "chrome-trace|json", set_to, "what to write (see below)"},
    {"output", 'o', TAKES_EXPORT | FLAG_TYPED, "FILE", flag_set_output, "write to FILE, not to standard output"},
    {NULL, 'o', TAKES_REPAIR | FLAG_TYPED, "NEW.db", flag_set_output,
     "where the repaired trace goes: nothing is there yet"},
    {"quiet", 'q', TAKES_REPAIR, NULL, flag_set_quiet, "no report, only the exit code"},
    {0},
};
