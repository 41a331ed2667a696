/* Where reports go. */
#include "command.h"
#include "escape.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *complained_place;

void complain_at(const char *place)
{
    complained_place = place;
}

void complain(const char *command, const char *format, ...)
{
    va_list args;
    char *words = NULL;
    struct buffer escaped = {0};
    va_start(args, format);
    if (vasprintf(&words, format, args) < 0)
        words = NULL;
    va_end(args);
    if (complained_place)
        escape_text(&escaped, complained_place, false);
    buffer_add(&escaped, complained_place ? ": " : "");
    escape_text(&escaped, words ? words : format, false);
    fprintf(stderr, command ? "leash %s: %s\n" : "leash%s: %s\n", command ? command : "", buffer_text(&escaped));
    buffer_free(&escaped);
    free(words);
}

static bool wants_colour(const struct settings *settings)
{
    const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (strcmp(settings->colour, "always") == 0)
        return true;
    if (strcmp(settings->colour, "never") == 0 || (no_colour && *no_colour))
        return false;
    return isatty(fileno(settings->report.out)) && terminal && strcmp(terminal, "dumb") != 0;
}

int settings_open(struct settings *settings, const char *file)
{
    settings->report.out = file ? fopen(file, "we") : stdout;
    if (!settings->report.out) {
        complain(settings->command->name, "%s: cannot be written: %s", file, strerror(errno));
        return -EIO;
    }
    settings->report.colour = wants_colour(settings);
    return 0;
}

int settings_close(struct settings *settings, int code)
{
    FILE *out = settings->report.out;
    if (!out)
        return code;
    errno = 0;
    bool failed = ferror(out) || fflush(out) != 0;
    int cause = errno;
    if (out != stdout && fclose(out) != 0 && !failed) {
        failed = true;
        cause = errno;
    }
    settings->report.out = NULL;
    if (!failed)
        return code;
    complain(settings->command->name, "the report could not be written: %s", strerror(cause ? cause : EIO));
    return EXIT_TROUBLE;
}
