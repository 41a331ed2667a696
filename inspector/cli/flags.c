/* What is in the tables of flags. */
#include "flags.h"

#include <errno.h>
#include <string.h>

/* In the order of the help. An earlier one's letter comes before a later one's: `run -o` is not the report's. */
static const struct flag *const topics[] = {flags_run,    flags_check,   flags_accept, flags_list,
                                            flags_export, flags_picture, flags_tui,    flags_global};
#define TOPICS     (sizeof topics / sizeof *topics)
#define HELP_WIDTH 31 /* of a flag and its value, beside which the help begins */

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

const struct flag *flag_named(unsigned takes, const char *name, size_t length)
{
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(takes, i)); i++)
        if (flag->name && strlen(flag->name) == length && strncmp(flag->name, name, length) == 0)
            return flag;
    return NULL;
}

const struct flag *flag_lettered(unsigned takes, char letter)
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
        const char *beside = strlen(left) > HELP_WIDTH ? "\n" : "";
        fprintf(out, "  %-*s%s%*s%s\n", HELP_WIDTH, left, beside, *beside ? HELP_WIDTH + 3 : 1, "", flag->help);
    }
    fputs("  -h, --help                      this text\n", out);
}

void flag_suggest(struct suggestion *near, unsigned takes)
{
    const struct flag *flag;
    for (size_t i = 0; (flag = flag_at(takes, i)); i++)
        if (flag->name)
            suggest_offer(near, flag->name);
}
