/* What a command is to do: its configuration, then its command line. */
#include "alloc.h"
#include "assign.h"
#include "config.h"
#include "filter/saved.h"
#include "progress.h"
#include "suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A command that takes a flag of that name; NULL: none does. */
static const struct command *taker_of(const char *name)
{
    const struct flag *flag = flag_named(TAKES_ANY, name, strlen(name));
    for (size_t i = 0; flag && command_at(i); i++)
        if (flag_named(command_at(i)->takes, name, strlen(name)))
            return command_at(i);
    return NULL;
}

static int unknown_flag(const struct settings *settings, const char *typed, size_t length)
{
    char name[64];
    struct suggestion near;
    snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), typed);
    suggest_begin(&near, name + strspn(name, "-"));
    flag_suggest(&near, settings->command->takes);
    const struct command *taker = strncmp(name, "--", 2) == 0 ? taker_of(name + 2) : NULL;
    if (taker)
        complain(settings->command->name, "unknown flag %s: `leash %s` takes it, `leash %s` does not", name,
                 taker->name, settings->command->name);
    else if (near.best && name[1] == '-')
        complain(settings->command->name, "unknown flag %s; did you mean --%s?", name, near.best);
    else
        complain(settings->command->name, "unknown flag %s (`leash %s -h` names them)", name, settings->command->name);
    return -EINVAL;
}

/* Reads one flag at argv[*at] and its value; moves *at on. */
static int read_flag(struct settings *settings, struct assignments *assignments, int argc, char **argv, int *at)
{
    const char *word = argv[(*at)++];
    struct assignment item = {.layer = LAYER_COMMAND_LINE};
    if (word[1] == '-') {
        size_t length = strcspn(word, "=");
        item.flag = flag_named(settings->command->takes, word + 2, length - 2);
        item.value = word[length] ? word + length + 1 : NULL;
        if (!item.flag)
            return unknown_flag(settings, word, length);
    } else {
        item.flag = flag_lettered(settings->command->takes, word[1]);
        item.value = word[1] && word[2] ? word + 2 : NULL;
        if (!item.flag || (item.value && !item.flag->argument))
            return unknown_flag(settings, word, strlen(word));
    }
    if (item.flag->argument && !item.value && *at < argc)
        item.value = argv[(*at)++];
    return assign(assignments, settings, &item);
}

/* 0; 1: help was asked for; -EINVAL. */
static int read_command_line(struct settings *settings, struct assignments *assignments, int argc, char **argv)
{
    int at = 1, rc = 0;
    while (at < argc && rc == 0) {
        bool is_flag = argv[at][0] == '-' && argv[at][1], rest = strcmp(argv[at], "--") == 0;
        if (strcmp(argv[at], "-h") == 0 || strcmp(argv[at], "--help") == 0)
            return 1;
        if (is_flag && !rest) {
            rc = read_flag(settings, assignments, argc, argv, &at);
            continue;
        }
        at += rest;
        rest = rest || (settings->command->takes & TAKES_RUN);
        for (int end = rest ? argc : at + 1; at < end; at++)
            settings->arguments[settings->arguments_count++] = argv[at];
    }
    return rc;
}

/* The format must be able to make what the command makes. One that the configuration names is for those that can. */
static int check_format(struct settings *settings, const struct assignments *typed)
{
    struct buffer formats = {0};
    for (size_t i = 0; i < typed->count; i++)
        settings->format_typed =
            settings->format_typed || (typed->items[i].flag->name && strcmp(typed->items[i].flag->name, "format") == 0);
    if (report_makes(settings->format, command_makes(settings->command)))
        return 0;
    if (!settings->format_typed) {
        settings->format = &report_text;
        return 0;
    }
    report_formats(&formats, command_makes(settings->command));
    complain(settings->command->name, "--format %s makes no sense here; there are %s", settings->format->name,
             buffer_text(&formats));
    buffer_free(&formats);
    return -EINVAL;
}

int settings_read(struct settings *settings, const char *command, int argc, char **argv)
{
    struct assignments all = {0}, typed = {0};
    *settings = (struct settings){.command = command_named(command),
                                  .format = &report_text,
                                  .colour = "auto",
                                  .report.leak_code = EXIT_LEAKS,
                                  .trace.grace = TRACE_GRACE_DEFAULT,
                                  .list.limit = -1,
                                  .picture = {.at_ns = MODEL_NEVER, .from_ns = MODEL_NEVER, .to_ns = MODEL_NEVER},
                                  .arguments = xcalloc((size_t)argc + 1, sizeof(char *))};
    int rc = read_command_line(settings, &typed, argc, argv);
    if (rc > 0)
        help_command(stdout, settings->command);
    if (rc == 0)
        rc = config_read(settings, &all);
    if (rc != 0)
        goto done;
    assignments_append(&all, &typed);
    rc = assignments_apply(&all, settings);
    if (rc == 0)
        rc = check_format(settings, &typed);
    if (rc == 0 && settings->report.source.roots_count == settings->report.source.maps_count)
        rc = flag_add_source(settings, ".");
    if (rc == 0 && settings->report.verbosity > 0)
        config_tell(settings);
done:
    assignments_free(&typed);
    assignments_free(&all);
    return rc;
}

void settings_free(struct settings *settings)
{
    progress_end();
    saved_filters_forget();
    struct source_options *source = &settings->report.source;
    for (size_t i = 0; i < source->roots_count; i++)
        free(source->roots[i]);
    for (size_t i = 0; i < source->maps_count; i++) {
        free((char *)source->maps[i].from);
        free((char *)source->maps[i].to);
    }
    free(source->roots);
    free(source->maps);
    destination_close(&settings->place, false);
    free(settings->place.real);
    for (size_t i = 0; i < settings->outputs_count; i++) {
        destination_close(&settings->outputs[i], false);
        free(settings->outputs[i].real);
    }
    free(settings->outputs);
    free(settings->arguments);
    arena_free(&settings->memory);
}
