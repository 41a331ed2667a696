/* Reads a command line by the tables of flags. */
#include "alloc.h"
#include "flags.h"
#include "suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In the order of the help. An earlier one's letter comes before a later one's: `run -o` is not the report's. */
static const struct flag *const topics[] = {flags_run, flags_check, flags_list, flags_global};
#define TOPICS (sizeof topics / sizeof *topics)

static bool ends_table(const struct flag *flag)
{
    return !flag->name && !flag->letter;
}

const struct flag *flag_at(unsigned takes, size_t index)
{
    for (size_t i = 0; i < TOPICS; i++)
        for (const struct flag *flag = topics[i]; !ends_table(flag); flag++)
            if ((flag->takes & takes) && index-- == 0)
                return flag;
    return NULL;
}

int flag_wrong_value(const struct settings *settings, const char *flag, const char *value, const char *wanted)
{
    complain(settings->command->name, "%s takes %s, not \"%s\"", flag, wanted, value);
    return -EINVAL;
}

static const struct flag *flag_named(unsigned takes, const char *name, size_t length)
{
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(takes, i)); i++)
        if (flag->name && strlen(flag->name) == length && strncmp(flag->name, name, length) == 0)
            return flag;
    return NULL;
}

static const struct flag *flag_lettered(unsigned takes, char letter)
{
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(takes, i)); i++)
        if (flag->letter == letter)
            return flag;
    return NULL;
}

void help_flags(FILE *out, unsigned takes)
{
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(takes, i)); i++) {
        char left[64], letter[8] = "    ";
        bool lettered = flag->letter && flag_lettered(takes, flag->letter) == flag;
        if (!flag->name && !lettered)
            continue; /* an earlier topic has its letter */
        if (lettered)
            snprintf(letter, sizeof letter, flag->name ? "-%c, " : "-%c", flag->letter);
        snprintf(left, sizeof left, "%s%s%s%s%s", letter, flag->name ? "--" : "", flag->name ? flag->name : "",
                 flag->argument ? " " : "", flag->argument ? flag->argument : "");
        fprintf(out, "  %-31s %s\n", left, flag->help);
    }
    fputs("  -h, --help                      this text\n", out);
}

static int unknown_flag(const struct settings *settings, const char *typed, size_t length)
{
    char name[64];
    struct suggestion near;
    const struct flag *flag;
    snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), typed);
    suggest_begin(&near, name + strspn(name, "-"));
    for (size_t i = 0; (flag = flag_at(settings->command->takes, i)); i++)
        if (flag->name)
            suggest_offer(&near, flag->name);
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
        rc = flag_add_source(settings, ".");
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
