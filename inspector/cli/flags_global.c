#include "alloc.h"
#include "flags.h"
#include "suggest.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int flag_format(struct settings *settings, const char *name, const struct report_format **format)
{
    struct suggestion near;
    struct buffer all = {0};
    *format = report_format_named(name);
    if (*format)
        return 0;
    suggest_begin(&near, name);
    for (size_t i = 0; report_format_at(i); i++)
        suggest_offer(&near, report_format_at(i)->name);
    report_formats(&all, command_makes(settings->command));
    if (near.best)
        complain(settings->command->name, "there is no format \"%s\"; did you mean \"%s\"?", name, near.best);
    else
        complain(settings->command->name, "there is no format \"%s\"; there are %s", name, buffer_text(&all));
    buffer_free(&all);
    return -EINVAL;
}

static int set_format(struct settings *settings, const char *value)
{
    return flag_format(settings, value, &settings->format);
}

int flag_set_output(struct settings *settings, const char *value)
{
    settings->output = value;
    return 0;
}

static int set_colour(struct settings *settings, const char *value)
{
    settings->colour = value;
    bool known = strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 || strcmp(value, "never") == 0;
    return known ? 0 : flag_wrong_value(settings, "--color", value, "auto, always or never");
}

static int set_time(struct settings *settings, const char *value)
{
    static const char *const clocks[] = {
        [MODEL_CLOCK_REL] = "rel", [MODEL_CLOCK_ABS] = "abs", [MODEL_CLOCK_UNIX] = "unix"};
    for (unsigned i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        if (strcmp(clocks[i], value) == 0) {
            settings->report.clock = (enum model_clock)i;
            return 0;
        }
    }
    return flag_wrong_value(settings, "--time", value, "rel, abs or unix");
}

static int set_no_pager(struct settings *settings, const char *value)
{
    (void)value;
    settings->no_pager = true;
    return 0;
}

static int set_ascii(struct settings *settings, const char *value)
{
    (void)value;
    settings->report.ascii = true;
    complain_in_ascii();
    return 0;
}

int flag_set_quiet(struct settings *settings, const char *value)
{
    (void)value;
    settings->report.verbosity = -1;
    return 0;
}

static int set_verbose(struct settings *settings, const char *value)
{
    (void)value;
    settings->report.verbosity = 1;
    return 0;
}

static void add_root(struct settings *settings, const char *real)
{
    struct source_options *source = &settings->report.source;
    source->roots = xrealloc(source->roots, source->roots_count + 1, sizeof *source->roots);
    source->roots[source->roots_count++] = xstrdup(real);
}

int flag_add_source(struct settings *settings, const char *value)
{
    char real[PATH_MAX];
    if (!realpath(value, real)) {
        complain(settings->command->name, "--source %s: %s", value, strerror(errno));
        return -EINVAL;
    }
    add_root(settings, real);
    return 0;
}

static int add_map(struct settings *settings, const char *value)
{
    const char *equals = strchr(value, '=');
    char real[PATH_MAX];
    if (!equals || equals == value || !equals[1])
        return flag_wrong_value(settings, "--map-path", value, "OLD=NEW");
    if (!realpath(equals + 1, real)) {
        complain(settings->command->name, "--map-path %s: %s: %s", value, equals + 1, strerror(errno));
        return -EINVAL;
    }
    struct source_options *source = &settings->report.source;
    source->maps = xrealloc(source->maps, source->maps_count + 1, sizeof *source->maps);
    struct source_map *map = &source->maps[source->maps_count++];
    map->from = strndup(value, (size_t)(equals - value));
    map->to = xstrdup(equals + 1);
    add_root(settings, real);
    return map->from ? 0 : -ENOMEM;
}

const struct flag flags_global[] = {
    {"source", 0, TAKES_GLOBAL | FLAG_REPEATS, "DIR", flag_add_source,
     "look here for source code (default: here; repeatable)"},
    {"map-path", 0, TAKES_GLOBAL | FLAG_REPEATS, "OLD=NEW", add_map,
     "where recorded paths are found here (repeatable)"},
    {"format", 0, TAKES_GLOBAL, "F", set_format, "text, json, jsonl, csv, md; of a check also github, sarif, junit"},
    {NULL, 'o', TAKES_GLOBAL | FLAG_TYPED, "FILE", flag_set_output, "write the report to FILE"},
    {"color", 0, TAKES_GLOBAL, "auto|always|never", set_colour, "colours (auto: on a terminal)"},
    {"ascii", 0, TAKES_GLOBAL, NULL, set_ascii, "nothing but ASCII"},
    {"time", 0, TAKES_GLOBAL, "rel|abs|unix", set_time, "times since the run began, by the calendar, or since 1970"},
    {"no-pager", 0, TAKES_GLOBAL, NULL, set_no_pager, "print all at once on a terminal, too"},
    {"quiet", 'q', TAKES_GLOBAL, NULL, flag_set_quiet, "only the verdict"},
    {"verbose", 'v', TAKES_GLOBAL, NULL, set_verbose, "all there is to say"},
    {0},
};
