/* Where reports go. */
#include "command.h"
#include "escape.h"
#include "progress.h"

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
    progress_end();
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

struct trace *settings_trace(struct settings *settings, const char *path)
{
    struct trace *trace;
    struct trace_error error;
    progress_begin("opening", path);
    int rc = trace_open(path, &settings->trace, &trace, &error);
    if (rc == 0)
        model_clock_begin(settings->report.clock, model_run_began(trace));
    progress_end();
    if (rc == 0)
        return trace;
    complain(settings->command->name, "%s", error.text);
    return NULL;
}

int settings_open(struct settings *settings, const char *file)
{
    settings->report.out = file ? fopen(file, "we") : stdout;
    if (!settings->report.out) {
        complain(settings->command->name, "%s: cannot be written: %s", file, strerror(errno));
        return -EIO;
    }
    settings->report.colour = wants_colour(settings);
    bool paged = !file && !settings->no_pager && !(settings->command->takes & TAKES_RUN);
    if (paged && isatty(STDOUT_FILENO))
        pager_start(&settings->pager);
    if (settings->pager.in)
        settings->report.out = settings->pager.in;
    return 0;
}

int settings_close(struct settings *settings, int code)
{
    FILE *out = settings->report.out;
    if (!out)
        return code;
    settings->report.out = NULL;
    if (settings->pager.in) {
        pager_end(&settings->pager);
        return code;
    }
    errno = 0;
    bool failed = ferror(out) || fflush(out) != 0;
    int cause = errno;
    if (out != stdout && fclose(out) != 0 && !failed) {
        failed = true;
        cause = errno;
    }
    if (!failed)
        return code;
    complain(settings->command->name, "the report could not be written: %s", strerror(cause ? cause : EIO));
    return EXIT_TROUBLE;
}
