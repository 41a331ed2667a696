/* Flags: one table makes the parser and the help. */
#include "alloc.h"
#include "command.h"
#include "suggest.h"
#include "values.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct flag {
    const char *name; /* without "--"; NULL: only the letter */
    char letter;      /* 0: only the name */
    unsigned takes;   /* by which subcommands it is taken */
    const char *argument;
    int (*set)(struct settings *settings, const char *value); /* 0 or -EINVAL, complained */
    const char *help;
};

static int wrong_value(const struct settings *settings, const char *flag, const char *value, const char *wanted)
{
    complain(settings->command->name, "%s takes %s, not \"%s\"", flag, wanted, value);
    return -EINVAL;
}

static int set_format(struct settings *settings, const char *value)
{
    struct suggestion near;
    settings->format = report_format_named(value);
    if (settings->format)
        return 0;
    suggest_begin(&near, value);
    for (size_t i = 0; report_format_at(i); i++)
        suggest_offer(&near, report_format_at(i)->name);
    if (near.best)
        complain(settings->command->name, "there is no format \"%s\"; did you mean \"%s\"?", value, near.best);
    else
        complain(settings->command->name, "there is no format \"%s\"; there are text and json", value);
    return -EINVAL;
}

static int set_output(struct settings *settings, const char *value)
{
    settings->output = value;
    return 0;
}

static int set_colour(struct settings *settings, const char *value)
{
    settings->colour = value;
    bool known = strcmp(value, "auto") == 0 || strcmp(value, "always") == 0 || strcmp(value, "never") == 0;
    return known ? 0 : wrong_value(settings, "--color", value, "auto, always or never");
}

static int set_ascii(struct settings *settings, const char *value)
{
    (void)value;
    settings->report.ascii = true;
    return 0;
}

static int set_quiet(struct settings *settings, const char *value)
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

static int add_source(struct settings *settings, const char *value)
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
        return wrong_value(settings, "--map-path", value, "OLD=NEW");
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

static int set_classes(struct settings *settings, const char *flag, const char *value, uint32_t *classes)
{
    char wrong[64];
    const char *near;
    if (value_classes(value, classes, wrong, &near))
        return 0;
    if (near)
        complain(settings->command->name, "%s: there is no class \"%s\"; did you mean \"%s\"?", flag, wrong, near);
    else
        complain(settings->command->name, "%s: there is no class \"%s\" (`leash check -h` names them)", flag, wrong);
    return -EINVAL;
}

static int set_fail_on(struct settings *settings, const char *value)
{
    settings->policy.fail_on_given = true;
    return set_classes(settings, "--fail-on", value, &settings->policy.fail_on);
}

static int set_warn(struct settings *settings, const char *value)
{
    return set_classes(settings, "--warn", value, &settings->policy.warn);
}

static int set_exit_code(struct settings *settings, const char *value)
{
    int64_t code;
    if (!value_number(value, 0, 255, &code))
        return wrong_value(settings, "--exit-code", value, "a number from 0 to 255");
    settings->report.leak_code = (int)code;
    return 0;
}

static int set_max_leaks(struct settings *settings, const char *value)
{
    int64_t most;
    if (!value_number(value, 0, INT_MAX, &most))
        return wrong_value(settings, "--max-leaks", value, "a number");
    settings->policy.max_leaks = settings->report.max_leaks = (size_t)most;
    return 0;
}

static int set_allow_incomplete(struct settings *settings, const char *value)
{
    (void)value;
    settings->policy.allow_incomplete = true;
    return 0;
}

static int set_grace(struct settings *settings, const char *value)
{
    return value_duration(value, &settings->trace.grace) ? 0
                                                         : wrong_value(settings, "--grace", value, "a time like 200ms");
}

static int set_timeout(struct settings *settings, const char *value)
{
    if (value_duration(value, &settings->trace.query_seconds) && settings->trace.query_seconds > 0)
        return 0;
    return wrong_value(settings, "--timeout", value, "a time like 30s");
}

static int set_columns(struct settings *settings, const char *value)
{
    settings->list.columns = value;
    return 0;
}

static int set_sort(struct settings *settings, const char *value)
{
    settings->list.sort = value;
    return 0;
}

static int set_limit(struct settings *settings, const char *value)
{
    return value_number(value, 0, INT64_MAX, &settings->list.limit)
               ? 0
               : wrong_value(settings, "--limit", value, "a number");
}

static const struct flag flags[] = {
    {"trace", 'o', TAKES_RUN, "T.db", set_output, "keep the trace here (further processes' in T.db.PID)"},
    {"fail-on", 0, TAKES_CHECK, "CLASS,..", set_fail_on, "fail on these classes only (default: every error)"},
    {"warn", 0, TAKES_CHECK, "CLASS,..", set_warn, "only warn of these classes"},
    {"max-leaks", 0, TAKES_CHECK, "N", set_max_leaks, "pass while there are no more than N leaks (default 0)"},
    {"exit-code", 0, TAKES_CHECK, "N", set_exit_code, "what to exit with when leaks are found (default 1)"},
    {"allow-incomplete", 0, TAKES_CHECK, NULL, set_allow_incomplete, "an unfinished trace without a leak is clean"},
    {"grace", 0, TAKES_CHECK, "TIME", set_grace, "wait so long for a program that still runs (default 200ms)"},
    {"source", 0, TAKES_GLOBAL, "DIR", add_source, "look here for source code (default: here; repeatable)"},
    {"map-path", 0, TAKES_GLOBAL, "OLD=NEW", add_map, "where recorded paths are found here (repeatable)"},
    {"columns", 0, TAKES_LIST, "A,B", set_columns, "which columns"},
    {"sort", 0, TAKES_LIST, "K", set_sort, "by which column; -K downwards"},
    {"limit", 0, TAKES_LIST, "N", set_limit, "no more than N rows"},
    {"timeout", 0, TAKES_SQL, "TIME", set_timeout, "stop a query that takes longer (default 60s)"},
    {"format", 0, TAKES_GLOBAL, "F", set_format, "text or json"},
    {NULL, 'o', TAKES_GLOBAL, "FILE", set_output, "write the report to FILE"},
    {"color", 0, TAKES_GLOBAL, "WHEN", set_colour, "auto, always or never"},
    {"ascii", 0, TAKES_GLOBAL, NULL, set_ascii, "nothing but ASCII"},
    {"quiet", 'q', TAKES_GLOBAL, NULL, set_quiet, "only the verdict"},
    {"verbose", 'v', TAKES_GLOBAL, NULL, set_verbose, "all there is to say"},
};
#define FLAGS (sizeof flags / sizeof *flags)

void help_flags(FILE *out, unsigned takes)
{
    for (size_t i = 0; i < FLAGS; i++) {
        char left[40], letter[8];
        const struct flag *flag = &flags[i];
        if (!(flag->takes & takes) || (!flag->name && (takes & TAKES_RUN)))
            continue;
        snprintf(letter, sizeof letter, flag->letter ? (flag->name ? "-%c, " : "-%c") : "    ", flag->letter);
        snprintf(left, sizeof left, "%s%s%s%s%s", letter, flag->name ? "--" : "", flag->name ? flag->name : "",
                 flag->argument ? " " : "", flag->argument ? flag->argument : "");
        fprintf(out, "  %-28s %s\n", left, flag->help);
    }
    fputs("  -h, --help                   this text\n", out);
}

static const struct flag *flag_named(unsigned takes, const char *name, size_t length)
{
    for (size_t i = 0; i < FLAGS; i++)
        if ((flags[i].takes & takes) && flags[i].name && strlen(flags[i].name) == length &&
            strncmp(flags[i].name, name, length) == 0)
            return &flags[i];
    return NULL;
}

static const struct flag *flag_lettered(unsigned takes, char letter)
{
    for (size_t i = 0; i < FLAGS; i++)
        if ((flags[i].takes & takes) && flags[i].letter == letter)
            return &flags[i];
    return NULL;
}

static int unknown_flag(const struct settings *settings, const char *typed, size_t length)
{
    char name[64];
    struct suggestion near;
    snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), typed);
    suggest_begin(&near, name + strspn(name, "-"));
    for (size_t i = 0; i < FLAGS; i++)
        if ((flags[i].takes & settings->command->takes) && flags[i].name)
            suggest_offer(&near, flags[i].name);
    if (near.best && name[1] == '-')
        complain(settings->command->name, "unknown flag %s; did you mean --%s?", name, near.best);
    else
        complain(settings->command->name, "unknown flag %s (`leash %s -h` names them)", name, settings->command->name);
    return -EINVAL;
}

/* Reads one flag at argv[*at] and its value; moves *at on. */
static int read_flag(struct settings *settings, int argc, char **argv, int *at)
{
    const char *word = argv[(*at)++], *value = NULL, *shown = word;
    const struct flag *flag;
    char name[48];
    if (word[1] == '-') {
        size_t length = strcspn(word, "=");
        flag = flag_named(settings->command->takes, word + 2, length - 2);
        value = word[length] == '=' ? word + length + 1 : NULL;
        if (!flag)
            return unknown_flag(settings, word, length);
        snprintf(name, sizeof name, "--%s", flag->name);
        shown = name;
    } else {
        flag = flag_lettered(settings->command->takes, word[1]);
        if (!flag || (word[2] && !flag->argument))
            return unknown_flag(settings, word, strlen(word));
        value = word[2] ? word + 2 : NULL;
    }
    if (flag->argument && !value && *at < argc)
        value = argv[(*at)++];
    if (flag->argument && !value) {
        complain(settings->command->name, "%s needs a value: %s %s", shown, shown, flag->argument);
        return -EINVAL;
    }
    if (!flag->argument && value) {
        complain(settings->command->name, "%s takes no value", shown);
        return -EINVAL;
    }
    return flag->set(settings, value);
}

int settings_read(struct settings *settings, const char *command, int argc, char **argv)
{
    *settings = (struct settings){.command = command_named(command),
                                  .format = &report_text,
                                  .colour = "auto",
                                  .report.leak_code = EXIT_LEAKS,
                                  .trace.grace = TRACE_GRACE_DEFAULT,
                                  .list.limit = -1,
                                  .arguments = xcalloc((size_t)argc + 1, sizeof(char *))};
    int at = 1, rc = 0;
    while (at < argc && rc == 0) {
        bool is_flag = argv[at][0] == '-' && argv[at][1];
        if (strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "--help") == 0) {
            help_command(stdout, settings->command);
            return 1;
        }
        bool rest = strcmp(argv[at], "--") == 0;
        if (is_flag && !rest) {
            rc = read_flag(settings, argc, argv, &at);
            continue;
        }
        rest = rest || (settings->command->takes & TAKES_RUN);
        at += strcmp(argv[at], "--") == 0;
        for (int end = rest ? argc : at + 1; at < end; at++)
            settings->arguments[settings->arguments_count++] = argv[at];
    }
    if (rc == 0 && settings->report.source.roots_count == settings->report.source.maps_count)
        rc = add_source(settings, ".");
    return rc;
}

void settings_free(struct settings *settings)
{
    struct source_options *source = &settings->report.source;
    for (size_t i = 0; i < source->roots_count; i++)
        free(source->roots[i]);
    for (size_t i = 0; i < source->maps_count; i++) {
        free((char *)source->maps[i].from);
        free((char *)source->maps[i].to);
    }
    free(source->roots);
    free(source->maps);
    free(settings->arguments);
}
