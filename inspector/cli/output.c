/* Where reports go. */
#include "command.h"
#include "escape.h"
#include "picture.h"
#include "progress.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *complained_place;
static bool complained_in_ascii;

void complain_in_ascii(void)
{
    complained_in_ascii = true;
}

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
        escape_text(&escaped, complained_place, complained_in_ascii);
    buffer_add(&escaped, complained_place ? ": " : "");
    escape_text(&escaped, words ? words : format, complained_in_ascii);
    progress_end();
    fprintf(stderr, command ? "leash %s: %s\n" : "leash%s: %s\n", command ? command : "", buffer_text(&escaped));
    buffer_free(&escaped);
    free(words);
}

/* It shows a line after another and no more: no colours, and no pager, which would complain and wait. */
static bool is_dumb_terminal(void)
{
    const char *name = getenv("TERM");
    return !name || !*name || strcmp(name, "dumb") == 0;
}

static bool wants_colour(const struct settings *settings)
{
    const char *no_colour = getenv("NO_COLOR");
    if (strcmp(settings->colour, "always") == 0)
        return true;
    if (strcmp(settings->colour, "never") == 0 || (no_colour && *no_colour))
        return false;
    return isatty(fileno(settings->report.out)) && !is_dumb_terminal();
}

static void on_interrupt(int number)
{
    (void)number;
    trace_interrupted = 1;
}

void interrupt_stops_queries(void)
{
    sigaction(SIGINT, &(struct sigaction){.sa_handler = on_interrupt, .sa_flags = (int)SA_RESETHAND}, NULL);
}

struct trace *settings_trace(struct settings *settings, const char *path)
{
    struct trace *trace;
    struct trace_error error;
    progress_begin("reading", path); /* until there is output, or a message */
    int rc = trace_open(path, &settings->trace, &trace, &error);
    if (rc == 0) {
        model_clock_begin(settings->report.clock, model_run_began(trace));
        return trace;
    }
    complain(settings->command->name, "%s", error.text);
    return NULL;
}

static int cannot_write(const struct settings *settings, const struct destination *place, int rc)
{
    complain(settings->command->name, "%s: cannot be written: %s", place->path, strerror(-rc));
    return -EIO;
}

/* The file of a report must be no file that is read, and nobody else's. */
static int check_place(const struct settings *settings, struct destination *place, const struct destination *others,
                       size_t others_count)
{
    int rc = destination_find(place);
    if (rc < 0)
        return cannot_write(settings, place, rc);
    for (size_t i = 0; i < settings->arguments_count; i++) {
        if (destination_is(place, settings->arguments[i])) {
            complain(settings->command->name, "%s: a report would overwrite it, and it is read", place->path);
            return -EIO;
        }
    }
    for (size_t i = 0; i < others_count; i++) {
        if (destination_same(place, &others[i])) {
            complain(settings->command->name, "two reports would go to %s",
                     place->path ? place->path : "standard output");
            return -EIO;
        }
    }
    return 0;
}

/* `--output F=-` without another word about standard output says what goes there. */
static void take_standard_output(struct settings *settings)
{
    if (settings->place.path || settings->format_typed)
        return;
    for (size_t i = 0; i < settings->outputs_count; i++) {
        if (settings->outputs[i].path)
            continue;
        settings->format = settings->outputs[i].format;
        settings->outputs[i] = settings->outputs[--settings->outputs_count];
        return;
    }
}

/* `run -o` names the trace: no report may go there. */
static int check_places(struct settings *settings)
{
    struct destination trace = {.path = settings->output};
    bool traced = settings->output && (settings->command->takes & TAKES_RUN);
    int rc = check_place(settings, &settings->place, NULL, 0);
    if (traced && destination_find(&trace) < 0)
        traced = false; /* told where it is made */
    for (size_t i = 0; i < settings->outputs_count && rc == 0; i++) {
        rc = check_place(settings, &settings->outputs[i], settings->outputs, i);
        if (rc == 0)
            rc = check_place(settings, &settings->outputs[i], &settings->place, 1);
        if (rc == 0 && traced)
            rc = check_place(settings, &settings->outputs[i], &trace, 1);
    }
    free(trace.real);
    return rc;
}

bool settings_picture(struct settings *settings)
{
    if (!picture_format_of(settings->format) && !settings->format_typed)
        settings->format = &report_text; /* what is configured is for what can be made in that format */
    if (picture_format_of(settings->format))
        return true;
    complain(settings->command->name, "there are text and json of it, no %s", settings->format->name);
    return false;
}

bool settings_part(const struct settings *settings, struct model_ref *part, const char **path)
{
    const char *command = settings->command->name;
    char *const *arguments = settings->arguments;
    *part = (struct model_ref){.kind = MODEL_NONE};
    if (settings->arguments_count == 0 || settings->arguments_count > 2) {
        complain(command, "one trace, please, and an id if only a part is wanted (usage: %s)",
                 settings->command->usage);
        return false;
    }
    *path = arguments[settings->arguments_count - 1];
    if (settings->arguments_count == 1 || model_ref_parse(arguments[0], part))
        return true;
    *path = arguments[0];
    if (model_ref_parse(arguments[1], part))
        return true;
    complain(command, "\"%s\" is no id: #31 is a task, #f3 a future, #q3 an object", arguments[0]);
    return false;
}

int settings_open(struct settings *settings, const char *file)
{
    progress_end();
    settings->place.path = file;
    take_standard_output(settings);
    if (check_places(settings) < 0)
        return -EIO;
    int rc = destination_open(&settings->place);
    if (rc < 0)
        return cannot_write(settings, &settings->place, rc);
    settings->report.out = settings->place.file;
    settings->report.colour = wants_colour(settings);
    for (size_t i = 0; i < settings->outputs_count; i++) {
        rc = destination_open(&settings->outputs[i]);
        if (rc < 0)
            return cannot_write(settings, &settings->outputs[i], rc);
    }
    bool paged = !file && !settings->no_pager && !(settings->command->takes & TAKES_RUN);
    if (paged && isatty(STDOUT_FILENO) && !is_dumb_terminal())
        pager_start(&settings->pager);
    if (settings->pager.in)
        settings->report.out = settings->pager.in;
    return 0;
}

static int close_one(struct settings *settings, struct destination *place, bool keep, int code)
{
    int rc = destination_close(place, keep);
    if (rc == 0)
        return code;
    complain(settings->command->name, "%s: the report could not be written: %s",
             place->path ? place->path : "standard output", strerror(-rc));
    return EXIT_TROUBLE;
}

int settings_close(struct settings *settings, int code)
{
    if (settings->pager.in)
        pager_end(&settings->pager);
    /* A table that broke off is no report; that a trace could not be judged is one. */
    bool judges = command_makes(settings->command) == REPORT_CHECK;
    bool keep = judges ? settings->reported : code != EXIT_TROUBLE;
    int end = close_one(settings, &settings->place, keep, code);
    for (size_t i = 0; i < settings->outputs_count; i++)
        end = close_one(settings, &settings->outputs[i], keep, end);
    settings->report.out = NULL;
    return end;
}
